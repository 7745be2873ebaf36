"""Sphinx extension: what every page has around its text.

To which part of the book the next page belongs, where the site lies, a way to the contents without
a script, launch buttons, and a search that finds what a word means before the pages that use it.
"""

import os
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


def parts():
    """Return the part of the book that each page belongs to."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return {
        name: part["caption"]
        for part in toc["parts"]
        for entry in part["chapters"]
        for name in names(entry)
    }


def names(entry):
    """Return the pages of one entry of the contents, which may be all that match a pattern."""
    if "file" in entry:
        return [entry["file"]]
    found = ROOT.glob(entry["glob"])
    return sorted(path.relative_to(ROOT).with_suffix("").as_posix() for path in found)


# The button that opens the contents on a phone needs a script; a link to them does not.
LINK = '<a href="#pst-primary-sidebar">Contents</a>'
CONTENTS = f'<noscript><div class="to-contents">{LINK}</div></noscript>'


def around(app, pagename, templatename, context, doctree):
    """Lead to the contents without a script, and name the part where it changes."""
    if doctree is not None:
        context["body"] = CONTENTS + context["body"]
    part, near = parts(), app.builder.relations.get(pagename, [None] * 3)
    for side, page in zip(("prev", "next"), near[1:], strict=True):
        if page in part and part[page] != part.get(pagename):
            title = context[side]["title"]
            named = title.startswith(f"{part[page]}: ")
            context[f"{side}_title"] = title if named else f"{part[page]}: {title}"


def know_address(app, config):
    """Take the site's address from SITE_URL, if set; previews of links want whole addresses."""
    address = (os.environ.get("SITE_URL") or config.html_baseurl).rstrip("/")
    config.ogp_site_url = config.html_baseurl = address and f"{address}/"


def add_buttons(app, config):
    """Open chapters on Binder and Colab if REPOSITORY has the book's address on a forge.

    The notebooks there are those of the branch that `course/build/launch.py` prepares.
    """
    if repository := os.environ.get("REPOSITORY", "").rstrip("/"):
        config.html_theme_options |= {
            "repository_url": repository,
            "repository_branch": "launch",
            "path_to_docs": "",
            "launch_buttons": {
                "notebook_interface": "jupyterlab",
                "binderhub_url": "https://mybinder.org",
                "colab_url": "https://colab.research.google.com",
            },
        }


def find_terms(app):
    """Let the search list the glossary's terms, which Sphinx leaves out, before all else."""
    app.env.get_domain("std").object_types["term"].attrs["searchprio"] = 0


def setup(app):
    """Register with Sphinx."""
    app.connect("config-inited", know_address)
    app.connect("config-inited", add_buttons)
    app.connect("builder-inited", find_terms)
    app.connect("html-page-context", around)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

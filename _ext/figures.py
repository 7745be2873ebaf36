"""Sphinx extension: captioned tables are numbered as tables, and figures come with their data.

An output whose caption is named ``tab-...`` is a table: its caption stands above it. One named
``fig-...`` has two links below its caption, to the picture and to the numbers that were drawn
(`grokutils.show.figure_data` puts them beside the picture); one without numbers is a warning. On a
map whose fields open runs (`lab.field_links`) lie links into the lab. A
caption whose cell shows nothing, or words alone, ends the build.
"""

import json
import re
from base64 import b64decode
from hashlib import sha256
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.errors import SphinxError
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from lab.field_links import KIND

LOG = logging.getLogger(__name__)
FOLDER = "_downloads/figures"  # of the site
FIGURE = re.compile(
    r'(?P<body><figure[^>]*\bid="(?P<name>fig-[\w-]+)"(?:(?!</figure>).)*)(?P<end></figcaption>)',
    re.DOTALL,
)
IMAGE = re.compile(r'<img[^>]*?\bsrc="([^"]+)"')
PICTURE = re.compile(r'<img[^>]*\bsrc="[^"]*/([0-9a-f]{64})\.png"[^>]*>')
LAB = "chapters/lab"
# In dark mode figures are turned over (book.css): what is drawn in black is white.
BLACK = re.compile(r"\bblack\b(?![^<]*>)")
BY_NIGHT = '<span class="by-day">black</span><span class="by-night">white</span>'


class captioned_table(nodes.figure):  # noqa: N801 (a docutils node)
    """A figure that is counted among the tables."""


class CaptionTables(SphinxTransform):
    """Turn figures named ``tab-...`` into tables, the caption first."""

    default_priority = 15  # before names become targets and figures are numbered

    def apply(self, **_):
        """Change the document in place."""
        for figure in list(self.document.findall(nodes.figure)):
            if not any(name.startswith("tab-") for name in figure["names"]):
                continue
            table = captioned_table("", *figure.children, **figure.attributes)
            caption = next(table.findall(nodes.caption))
            table.remove(caption)
            table.insert(0, [caption, nodes.raw("", "</figcaption>\n", format="html")])
            figure.replace_self(table)
            for place in figure["ids"]:
                self.document.ids[place] = table


SEEN = re.compile(r"image/|text/html|application/vnd\.jupyter\.widget-view\+json")


def check_shown(app, doctree):
    """Raise `SphinxError` where a cell of the page has a caption and shows nothing to see."""
    page = Path(app.env.doc2path(app.env.docname))
    if page.suffix != ".ipynb":
        return
    shown = set()
    for figure in doctree.findall(nodes.figure):
        if any(SEEN.match(part.get("mime_type", "")) for part in figure.findall(nodes.container)):
            shown.update(figure["names"])
    for cell in json.loads(page.read_text(encoding="utf-8"))["cells"]:
        name = cell["metadata"].get("mystnb", {}).get("figure", {}).get("name")
        if name and name not in shown:
            raise SphinxError(
                f"{page.name}: the cell of {name} shows no picture and no table. Is a backend set"
                " (MPLBACKEND), or is the book built without make?"
            )


def data_of(notebook):
    """Return {name of a figure: its numbers as CSV} of an executed notebook."""
    found = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        name = cell["metadata"].get("mystnb", {}).get("figure", {}).get("name")
        texts = [out["data"].get("text/csv") for out in cell.get("outputs", []) if "data" in out]
        if name and any(texts):
            found[name] = "".join(next(filter(None, texts)))
    return found


def links_of(notebook):
    """Return {name of the file of a picture: the links of its fields} of an executed notebook."""
    found = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        for data in [out["data"] for out in cell.get("outputs", []) if "data" in out]:
            if KIND in data and "image/png" in data:
                picture = b64decode("".join(data["image/png"]))
                found[sha256(picture).hexdigest()] = data[KIND]["fields"]
    return found


def with_fields(picture, fields, lab):
    """Return a picture with links into the lab, at its address, where its fields are."""
    links = []
    for field in fields:
        label, query = escape(field["label"]), escape(field["query"])
        places = zip(("x", "y", "width", "height"), field["box"], strict=True)
        rect = " ".join(f'{name}="{value}"' for name, value in places)
        links.append(
            f'<a href="{lab}?{query}" aria-label="{label}"><title>{label}</title><rect {rect}/></a>'
        )
    told = 'role="group" aria-label="Fields of the map: each opens a run in the lab"'
    return (
        f'<span class="fields">{picture}<svg viewBox="0 0 100 100" preserveAspectRatio="none" '
        f"{told}>{''.join(links)}</svg></span>"
    )


def add_downloads(app, pagename, templatename, context, doctree):
    """Write the data of a page's figures, and link to them and to the pictures."""
    executed = Path(app.outdir).parent / "jupyter_execute" / f"{pagename}.ipynb"
    if doctree is None or app.builder.format != "html" or not executed.exists():
        return
    data, folder, fields = data_of(executed), Path(app.outdir) / FOLDER, links_of(executed)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in data.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")

    def link(figure):
        name, links = figure["name"], []
        if image := IMAGE.search(figure["body"]):  # what is scrubbed has none yet (frames.js)
            links.append(
                f'<a href="{image[1]}" download="{name}{Path(image[1]).suffix}">picture</a>'
            )
        if name in data:
            to = context["pathto"](f"{FOLDER}/{name}.csv", resource=True)
            links.append(f'<a href="{to}" download>data (CSV)</a>')
        else:
            LOG.warning("%s has no data: its axes must carry them", name, location=pagename)
        body, caption, words = figure["body"].rpartition("<figcaption>")
        opens = any(picture[1] in fields for picture in PICTURE.finditer(body))
        told = "Each field opens its first seed in the lab. " if opens else ""
        downloads = f'<p class="downloads">{told}Download: {", ".join(links)}</p>'
        return f"{body}{caption}{BLACK.sub(BY_NIGHT, words)}{downloads}{figure['end']}"

    def lay(picture):
        if picture[1] not in fields:
            return picture[0]
        return with_fields(picture[0], fields[picture[1]], context["pathto"](LAB))

    context["body"] = PICTURE.sub(lay, FIGURE.sub(link, context["body"]))


def setup(app):
    """Register with Sphinx."""
    start = lambda writer, node: writer.visit_figure(node)  # noqa: E731
    app.add_enumerable_node(
        captioned_table,
        "table",
        lambda node: next(node.findall(nodes.caption)).astext(),
        # The writer of HTML would have all that follows a caption belong to it.
        html=(start, lambda writer, _: writer.body.append("</figure>\n")),
        latex=(start, lambda writer, node: writer.depart_figure(node)),
        text=(start, lambda writer, node: writer.depart_figure(node)),
    )
    app.add_transform(CaptionTables)
    app.connect("doctree-read", check_shown)
    app.connect("html-page-context", add_downloads)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""Sphinx extension: the reading map, made of `chapters/literature.toml` and `references.bib`.

The directive `literature-filter` shows the controls, `literature QUESTION` the works of one
question. The controls need JavaScript and stay hidden without it; all works are then in sight. A
work on which claims are tested has their findings, as the chapters have recorded them: the page is
read after these (`order.py`).
"""

import functools
import tomllib
from html import escape
from pathlib import Path

from docutils import nodes
from pybtex.database import parse_file
from pybtex.richtext import Text
from sphinx.util.docutils import SphinxDirective

from experiments import claims

ROOT = Path(__file__).parents[1]
PAGE = "chapters/literature"
DATA = ROOT / f"{PAGE}.toml"
REFERENCES = ROOT / "references.bib"
STATES = {
    "tested": "tested here",
    "partly": "tested here in part",
    "planned": "not tested yet",
    "reason": "not tested, and why",
}
READ = {"abstract": "the abstract", "parts": "in parts", "whole": "in full"}


@functools.cache
def read():
    """Return the reading map: dictionaries `questions`, `tasks` and `works`."""
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


@functools.cache
def references():
    """Return the entries of the bibliography by key."""
    return parse_file(REFERENCES).entries


def pending(work):
    """Return the claims on a work that no section of its home tests."""
    home = work.get("home", [])
    return [claim for claim in work.get("claims", []) if f"claim-{claim.lower()}" not in home]


def state(work):
    """Return how far a work is tested in the book, a key of `STATES`."""
    if work.get("home"):
        return "partly" if pending(work) else "tested"
    return "planned" if pending(work) else "reason"


@functools.cache
def results():
    """Return what was found of each claim, by its id."""
    return {result.id: result for result in claims.results()}


def as_markdown(key, work):
    """Return one work as MyST Markdown: five paragraphs, or four where nothing was found."""
    fields = references()[key].fields
    title = str(Text.from_latex(fields["title"]))
    end = "" if title.endswith("?") else "."
    venue = fields.get("booktitle") or fields.get("journal")
    printed = f" *{Text.from_latex(venue)}*," if venue else ""
    where = f"arXiv:{fields['eprint']}" if "eprint" in fields else fields["howpublished"]
    where = f"[{Text.from_latex(where)}]({fields['url']})"
    head = f"**{title}{end}** {{cite:t}}`{key}`,{printed} {where}"
    paragraphs = [head, work["adds"], _home(work), found(work), _facts(work)]
    return "\n\n".join(filter(None, paragraphs))


def found(work):
    """Return the finding on each claim that the work makes, with how many of its parts hold."""
    of_work = [results()[claim] for claim in work.get("claims", []) if claim not in pending(work)]
    return " ".join(
        f"**Found, {result.id}:** {result.finding} ({result.count} parts hold)"
        for result in of_work
        if result.measured and result.finding
    )


def _home(work):
    links = ", ".join(f"{{ref}}`{label}`" for label in work.get("home", []))
    waiting = ", ".join(pending(work))
    text = {
        "tested": f"**Tested here:** {links}.",
        "partly": f"**Tested here in part:** {links}. Still to come: {waiting}.",
        "planned": f"**Not tested yet:** {waiting}.",
        "reason": "**Not tested.**",
    }[state(work)]
    return f"{text} {work.get('note', '')}".rstrip()


def _facts(work):
    tasks = "; ".join(read()["tasks"][task] for task in work["tasks"]) or "none of its own"
    unsure = "" if work["checked"] else " Reference not checked."
    return f"Tasks: {tasks}. Read by us: {READ[work['read']]}.{unsure}"


class Literature(SphinxDirective):
    """List the works of one question."""

    required_arguments = 1

    def run(self):
        """Return a list with one item a work, whose classes say what the filter asks."""
        self.env.note_dependency(str(DATA))
        self.env.note_dependency(str(REFERENCES))
        (question,) = self.arguments
        if question not in read()["questions"]:
            raise self.error(f"no question {question!r} in {DATA.name}")
        listed = nodes.bullet_list(classes=["works"])
        for key, work in read()["works"].items():
            if work["question"] != question:
                continue
            tasks = [f"task-{task}" for task in work["tasks"] or ["none"]]
            names = [f"question-{question}", f"state-{state(work)}", *tasks]
            parts = self.parse_text_to_nodes(as_markdown(key, work))
            parts[-1]["classes"].append("facts")
            listed += nodes.list_item("", *parts, classes=names, ids=[f"work-{key}"])
        return [listed]


class LiteratureFilter(SphinxDirective):
    """Show the controls, which choose among the works."""

    def run(self):
        """Return the controls as they are."""
        self.env.note_dependency(str(DATA))
        return [nodes.raw("", controls(), format="html")]


def controls():
    """Return the form as HTML; each choice has the value of the class that it asks for."""
    found = set(map(state, read()["works"].values()))
    selects = [
        _select("Question", "question", read()["questions"]),
        _select("Kind of task", "task", read()["tasks"] | {"none": "none of its own"}),
        _select("In this book", "state", {k: text for k, text in STATES.items() if k in found}),
    ]
    return f"""<form class="literature-filter" aria-label="Choose works" hidden>
{"".join(selects)}
<button type="reset">Show all</button>
<output></output>
</form>"""


def _select(label, name, choices):
    options = "".join(
        f'<option value="{name}-{key}">{escape(text)}</option>' for key, text in choices.items()
    )
    return (
        f'<label>{label} <select name="{name}"><option value="">any</option>{options}</select>'
        "</label>"
    )


def add_script(app, pagename, templatename, context, doctree):
    """Load the script of the filter on its page alone."""
    if pagename == PAGE:
        app.add_js_file("literature.js", loading_method="defer")


def setup(app):
    """Register with Sphinx."""
    app.add_directive("literature", Literature)
    app.add_directive("literature-filter", LiteratureFilter)
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

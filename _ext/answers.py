"""Sphinx extension: an exercise that a number answers ends in a form that checks it.

What is asked, and the rules by which a number is right, near or wrong, are those of `check` in a
kernel (`course.check`); `assets/answers.js` goes through them. Without a script the form is hidden.
"""

import json
from html import escape

from docutils import nodes

from course.check import SOURCE, answers

FORM = """<form class="answer" data-rules="{rules}" hidden>
<label for="{label}-answer">Your number<span class="visually-hidden">: {asks}</span></label>
<input id="{label}-answer" inputmode="{keys}" autocomplete="off" required>
<button>Check</button>
<output for="{label}-answer"></output>
</form>
"""


def form(label, answer):
    """Return the form of an exercise as HTML."""
    rules = answer.rules()
    # The keys for decimals have no minus on some phones; the last two rules are without end.
    signed = any(low < 0 for low, *_ in rules[:-2])
    return FORM.format(
        label=escape(label),
        asks=escape(answer.asks),
        keys="text" if signed else "decimal",
        rules=escape(json.dumps(rules, ensure_ascii=False)),
    )


def add_forms(app, doctree):
    """Append its form to each exercise of a page that has one."""
    for node in doctree.findall(nodes.Admonition):
        if node.get("type") != "exercise":
            continue
        app.env.note_dependency(str(SOURCE))
        if answer := answers().get(node["label"]):
            node += nodes.raw("", form(node["label"], answer), format="html")


def setup(app):
    """Register with Sphinx."""
    app.connect("doctree-read", add_forms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""Sphinx extension: a formula keeps the marks beside it, and a negative number has a minus.

A browser may break the line between a formula and the comma after it. Numbers from a run come with
a hyphen where the tables have a minus.
"""

import re

# A bracket or quotation mark before a formula, and what follows it without a blank.
FORMULA = re.compile(
    r"([(\[“‘]*)"
    r'(<span class="math notranslate nohighlight">\\\((?:(?!</span>).)*\\\)</span>)'
    r"([^\s<&]*)",
    re.DOTALL,
)
NEGATIVE = re.compile(r'(?<=<span class="pasted-text">)-(?=\d)')


def together(found):
    """Return a formula with its neighbours as one piece of a line, alone as it is."""
    before, formula, after = found.groups()
    return f'<span class="piece">{found[0]}</span>' if before or after else formula


def set_lines(app, pagename, templatename, context, doctree):
    """Change the text of a page before it is written."""
    if "body" in context:
        context["body"] = NEGATIVE.sub("−", FORMULA.sub(together, context["body"]))


def setup(app):
    """Register with Sphinx."""
    app.connect("html-page-context", set_lines)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

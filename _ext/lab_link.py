"""Sphinx extension: the role `lab`, a link that opens the live lab on an experiment.

``{lab}`watch seed 13 <seed=13&weight_decay=0.001>` `` has the words and the query of the address.
What is wrong with a query is an error that names the field. In print the address, which is the
link's title, follows the words (`assets/book.css`).
"""

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.util.docutils import ReferenceRole

from lab.address import check_address

LAB = "chapters/lab"


class LabLink(ReferenceRole):
    """Link to the lab, set up as the target says."""

    def run(self):
        """Return the link, which `resolve` completes when its page is written."""
        try:
            check_address(self.target)
        except ValueError as wrong:
            told = self.inliner.reporter.error(f"lab link: {wrong}", line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, told)], [told]
        words, here = nodes.inline("", self.title), self.env.docname
        return [pending_xref("", words, reftype="lab", reftarget=self.target, refdoc=here)], []


def resolve(app, env, node, words):
    """Return the link relative to its page; its title is the address as one would type it."""
    if node["reftype"] != "lab":
        return None
    page = app.builder.get_relative_uri(node["refdoc"], LAB)
    base = app.config.html_baseurl.rstrip("/")
    typed = f"{base}/{LAB}.html" if base else "lab.html"
    return nodes.reference(
        *("", "", words),
        internal=True,
        refuri=f"{page}?{node['reftarget']}",
        reftitle=f"{typed}?{node['reftarget']}",
        classes=["lab-link"],
    )


def setup(app):
    """Register with Sphinx."""
    app.add_role("lab", LabLink())
    app.connect("missing-reference", resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

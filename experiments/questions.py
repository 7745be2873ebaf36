"""The questions of a part of the book, a line each: its page, and what came of its claims."""

from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby

from experiments.claims import Result
from experiments.verdicts import SIGN

LEFT = ' style="text-align: left"'


def asked(questions: Mapping[str, Mapping[str, str]], results: Iterable[Result]) -> str:
    """Return an HTML table with a row a question: a link to its page, and the verdicts there.

    Parameters
    ----------
    questions : dict
        By heading, and there by page, such as ``{"How?": {"24_width": "Does width help?"}}``.
    results : list of experiments.claims.Result
        Those of claims that no page of these judges are left out.
    """
    judged = list(results)
    rows = []
    for heading, pages in questions.items():
        name = f"<em>{escape(heading)}</em>"
        rows.append(f'<tr><th colspan="2" scope="rowgroup"{LEFT}>{name}</th></tr>')
        for page, question in pages.items():
            link = f'<a href="{page}.html">{escape(question)}</a>'
            came = _came([result for result in judged if result.claim.chapter == page])
            rows.append(f'<tr><th scope="row"{LEFT}>{link}</th><td{LEFT}>{came}</td></tr>')
    names = "".join(f'<th scope="col"{LEFT}>{name}</th>' for name in ("question", "verdicts"))
    head, body = f"<thead><tr>{names}</tr></thead>", f"<tbody>{''.join(rows)}</tbody>"
    return f'<table class="typeset">{head}{body}</table>'


def _came(results):
    """Return the claims of a page with their verdicts; neighbours of one verdict share its word."""
    said = []
    for verdict, of in groupby(results, lambda result: result.verdict):
        links = [_link(result) for result in of]
        names = f"{links[0]} to {links[-1]}" if len(links) > 3 else ", ".join(links)
        said.append(f"{names} {SIGN[verdict]} {verdict}")
    return "; ".join(said) or "–"


def _link(result):
    place = f"{result.claim.chapter}.html#claim-{result.id.lower()}"
    return f'<a href="{place}">{result.id}</a>' if result.measured else result.id

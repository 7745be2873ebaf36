"""Verdicts for a reader: what decided one claim, and the scorecard of all."""

from collections.abc import Iterable
from html import escape

import pandas as pd

from experiments.claims import CLAIMS, KINDS, Result
from grokutils.show.tables import typeset, word

SIGNS = ("✔", "◐", "✘", "✘✘", "…")
GRADES = ("yes", "partly", "no", "against", "open")
# The sign of a verdict, in whichever words it is given, and the class of its tile.
SIGN = {verdict: sign for kind in KINDS.values() for verdict, sign in zip(kind, SIGNS, strict=True)}
GRADE = {word: grade for kind in KINDS.values() for word, grade in zip(kind, GRADES, strict=True)}
QUANTITIES = {  # whose names alone would be unclear
    "accuracy_prop_1": "accuracy of the circuits of Proposition 1",
    "accuracy_prop_2": "accuracy of the circuit of Proposition 2",
    "accuracy_prop_3": "accuracy of the circuit of Proposition 3",
    "share_6_to_8": "share of circuits with 6 to 8 neurons",
    "share_of_size_4": "share of circuits with 4 neurons",
    "share_dnf": "share of circuits with one neuron for each pattern",
}
HEADINGS = {"paper": "Claims of the paper", "here": "Claims of later papers"}


def judged(result: Result) -> str:
    """Return one claim as HTML: its verdict, and each measured quantity beside its bound."""
    seeds = f" over {result.seeds} seeds" if result.seeds else ""
    verdict = f"<strong>{result.id}: {SIGN[result.verdict]} {result.verdict}</strong>{seeds}"
    return f"<p>{verdict}. {escape(result.statement)}</p>{criteria(result)}"


def criteria(result: Result) -> str:
    """Return the measured quantities of a claim, each beside its bound, as an HTML table."""
    rows = {
        QUANTITIES.get(criterion.quantity, word(criterion.quantity)): {
            "measured": float(f"{value:.3g}"),
            "needed": criterion.needed.replace("-", "−"),
            "holds": bool(criterion.holds(value)),
            "why this bound": criterion.reason,
        }
        for criterion in CLAIMS[result.id].criteria
        for value in [result.measured.get(criterion.quantity)]
        if value is not None
    }
    if not rows:
        return ""
    table = pd.DataFrame(rows).T.rename_axis("quantity")
    shown = typeset(table, endless="∞")  # of a ratio to what never ends
    return shown.replace('class="typeset"', 'class="typeset criteria"', 1)


def matrix(results: Iterable[Result], links: bool = True) -> str:
    """Return a tile of HTML for each claim, those of the paper before those of later papers."""
    groups = [(text, [r for r in results if r.kind == kind]) for kind, text in HEADINGS.items()]
    return "".join(
        f'<p class="rubric">{heading}</p>'
        f'<ul class="verdicts">{"".join(_tile(r, links) for r in of_kind)}</ul>'
        for heading, of_kind in groups
        if of_kind
    )


def details(results: Iterable[Result]) -> str:
    """Return a fold of HTML for each claim: its statement, its source and what decided it."""
    return "".join(map(_fold, results))


def _tile(result, links):
    place = f"{result.chapter}.html#claim-{result.id.lower()}"
    link = f'<a href="{place}">{result.id}</a>' if links and result.measured else result.id
    seeds = f" · {result.seeds}\N{NO-BREAK SPACE}seeds" if result.seeds else ""
    said = f"<span>{SIGN[result.verdict]} {result.verdict}{seeds}</span>"
    return f'<li class="{GRADE[result.verdict]}"><strong>{link}</strong> {_name(result)}{said}</li>'


def _name(result):
    return escape(CLAIMS[result.id].title or result.statement)


def _fold(result):
    said = f"{SIGN[result.verdict]} {result.verdict}"
    head = f"{result.id}: {said}. {_name(result)}"
    where = f"<p>{escape(result.statement)} <small>({escape(result.where)})</small></p>"
    return f"<details><summary>{head}</summary>{where}{criteria(result)}</details>"

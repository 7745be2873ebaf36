"""Verdicts for a reader: what decided one claim, the scorecard of all, and what two draws say."""

from collections.abc import Iterable
from html import escape

import pandas as pd

from experiments.claims import Result
from experiments.measured import Measured
from experiments.registry import KINDS, OF_PARTS, ROLES, Part
from grokutils.show.tables import word

SIGNS = ("✔", "◐", "✘", "✘✘", "…")
GRADES = ("yes", "partly", "no", "against", "open")
# The sign of a verdict, in whichever words it is given, and the class of its tile.
SIGN = {verdict: sign for kind in KINDS.values() for verdict, sign in zip(kind, SIGNS, strict=True)}
GRADE = {word: grade for kind in KINDS.values() for word, grade in zip(kind, GRADES, strict=True)}
SIGN |= dict(zip(OF_PARTS, ("✔", "✘", "✘✘", "…"), strict=True))
QUANTITIES = {  # whose names alone would be unclear
    "accuracy_prop_1": "accuracy of the circuits of Proposition 1",
    "accuracy_prop_2": "accuracy of the circuit of Proposition 2",
    "accuracy_prop_3": "accuracy of the circuit of Proposition 3",
    "share_6_to_8": "share of circuits with 6 to 8 neurons",
    "share_of_size_4": "share of circuits with 4 neurons",
    "share_dnf": "share of circuits with one neuron for each pattern",
    "growth_of_first_bounded": "growth of first, once more",
}
HEADINGS = {
    "paper": "Claims of the paper",
    "here": "Claims of later papers",
    "foretold": "What this book foretold",
}
NAMED = 3  # authors; of more, the first


def judged(result: Result) -> str:
    """Return one claim as HTML: verdict, finding, and each part with what decides it.

    Parts that do not make the word are in a fold; of what was foretold all are, for its finding
    is made of those that do.
    """
    head = f"<p><strong>{result.id}: {_said(result)}.</strong> {_found(result)}</p>"
    if result.claim.kind == "foretold":
        return head + _more("each part, with its bound and its number", parts(result))
    core, *others = ROLES
    number = sum(part.role in others for part in result.claim.parts)
    said = f"{number} further part{'s' * (number > 1)}, on which the word does not hang"
    return head + parts(result, core) + _more(said, parts(result, *others) if number else "")


def _more(said, table):
    """Return a table in a fold, or nothing where there is none."""
    return table and f'<details class="more"><summary>{said}</summary>{table}</details>'


def parts(result: Result, *roles: str) -> str:
    """Return the parts of a claim by role, each quantity beside its bound, as an HTML table.

    Without `roles`, those of all.
    """
    if not result.measured:
        return ""
    others = list(result.draws.values())[:-1]
    heads = ["part", "quantity, and why this bound", "measured", "needed"]
    heads += ["first draw"] * bool(others)
    rows = []
    for role in roles or ROLES:
        said = ROLES[role]
        of_role = [part for part in result.claim.parts if part.role == role]
        if of_role:
            rows.append(f'<tr><th colspan="{len(heads)}" scope="rowgroup">{said}</th></tr>')
        for part in of_role:
            rows += _rows(part, result, others[0].measured if others else None)
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(rows)
    return (
        f'<table class="typeset parts"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def _rows(part: Part, result: Result, first: dict | None) -> list[str]:
    span = f' rowspan="{len(part.criteria)}"' if len(part.criteria) > 1 else ""
    verdict = part.verdict(result.measured)
    head = f'<th scope="row"{span}>{SIGN[verdict]} {escape(part.sentence)}{_unjudged(verdict)}</th>'
    rows: list[str] = []
    for criterion in part.criteria:
        value = result.measured[criterion.quantity]
        name = QUANTITIES.get(criterion.quantity, word(criterion.quantity))
        cells = [
            f"<td>{escape(name)} <small>{escape(criterion.reason)}</small></td>",
            f"<td>{_value(value)}</td>",
            f"<td>{criterion.needed.replace('-', '−')}</td>",
        ]
        if first is not None:
            before = first[criterion.quantity]
            turned = part.verdict(first) != verdict
            sign = f"{SIGN[part.verdict(first)]} " if turned else ""
            cells.append(f"<td>{sign}{_value(before)}</td>")
        rows.append(f"<tr>{'' if rows else head}{''.join(cells)}</tr>")
    return rows


def _unjudged(verdict):
    return " <small>(not judged)</small>" if verdict == "not judged" else ""


def _value(value: Measured) -> str:
    runs = "" if value.runs is None else f" <small>over {value.runs} runs</small>"
    advice = escape(value.reading.value.advice)
    shown = f'<span title="{advice}">{value}</span>' if advice else str(value)
    return shown + runs


def matrix(results: Iterable[Result], links: bool = True) -> str:
    """Return a tile of HTML for each claim, those of the paper before those of later papers."""
    groups = [
        (text, [r for r in results if r.claim.kind == kind]) for kind, text in HEADINGS.items()
    ]
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
    place = f"{result.claim.chapter}.html#claim-{result.id.lower()}"
    link = f'<a href="{place}">{result.id}</a>' if links and result.measured else result.id
    head = f"<strong>{link}</strong> {escape(result.claim.title)}"
    foot = f"<small>{source(result, links)}</small>"
    said = f"<span>{_said(result)}</span>"
    return f'<li class="{GRADE[result.verdict]}">{head}{said}<em>{_found(result)}</em>{foot}</li>'


def _said(result):
    """Return sign, word, count and seeds of a verdict."""
    if not result.seeds:
        return f"{SIGN[result.verdict]} {result.verdict}"
    of = f"{result.count} parts"
    seeds = f"{result.seeds}\N{NO-BREAK SPACE}seeds"
    return f"{SIGN[result.verdict]} {result.verdict} · {of} · {seeds}"


def _found(result):
    return escape(result.finding)


def source(result: Result, links: bool = True) -> str:
    """Return authors and year of what a claim comes from, with links to it, as HTML."""
    papers = [_short(paper) for paper in result.claim.source.split("; ")]
    papers = papers if len(papers) == len(result.claim.arxiv) else ["; ".join(papers)]
    if not links or not result.claim.arxiv:
        return escape("; ".join(papers))
    address = "https://arxiv.org/abs/"
    return "; ".join(
        f'<a href="{address}{number}">{escape(paper)}</a>'
        for paper, number in zip(papers, result.claim.arxiv, strict=False)
    )


def _short(paper):
    authors, _, year = paper.rpartition(", ")
    names = authors.replace(" & ", ", ").split(", ")
    return paper if len(names) <= NAMED else f"{names[0]} et al., {year}"


def _fold(result):
    head = f"{result.id}: {_said(result)}. {escape(result.claim.title)}"
    where = f"{source(result)}: {escape(result.claim.where)}"
    statement = f"<p>{escape(result.claim.statement)} <small>({where})</small></p>"
    found = f"<p><em>{_found(result)}</em></p>" if result.measured else ""
    return f"<details><summary>{head}</summary>{statement}{found}{parts(result)}</details>"


def changed_words(results: Iterable[Result]) -> pd.DataFrame:
    """Return the claims whose word is another since it comes from the parts of the source."""
    rows = [
        {"claim": r.id, "until then": r.claim.before, "now": r.verdict, "parts that hold": r.count}
        for r in results
        if r.measured and r.claim.before and r.verdict != r.claim.before
    ]
    return pd.DataFrame(rows, columns=["claim", "until then", "now", "parts that hold"])


def both_draws(results: Iterable[Result]) -> pd.DataFrame:
    """Return a row for each part that both draws judge: claim, part, role, and both verdicts."""
    rows = [
        {"claim": r.id, "part": part.sentence, "role": part.role}
        | {draw: of[part.name] for draw, of in r.verdicts.items()}
        for r in results
        if len(r.draws) > 1
        for part in r.claim.parts
    ]
    found = pd.DataFrame(rows, columns=["claim", "part", "role", "first", "second"])
    return found[(found[["first", "second"]] != "not judged").all(axis=1)]

"""What speaks for an explanation and what against it, by parts of claims, and between two.

What is weighed is what their sources lead with; between two a quantity decides, by its bounds.
"""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

import pandas as pd

from experiments.claims import Result


class Pair(NamedTuple):
    """Two explanations that part on a question, and the quantity of a claim that decides it."""

    question: str
    one: str  # the explanation for which it speaks that the quantity meets its bound
    other: str  # that for which it speaks that it lies beyond the far one
    claim: str
    quantity: str


def weighed(results: Iterable[Result]) -> dict:
    """Count the parts that hold, and name what speaks for an explanation and against it.

    A part is a sentence with its measured numbers; words of claims do not enter, so that a control
    of ours cannot turn what a source says.

    Parameters
    ----------
    results : list of experiments.claims.Result

    Returns
    -------
    dict
        `hold`, such as "3 of 5", of the parts that its sources lead with; `speaks for`, `speaks
        against` and `not judged`, lists of their sentences with claim and numbers; `ours`, such as
        "1 of 2", of our controls.
    """
    led, ours = [], []
    found: dict[str, list[str]] = {"speaks for": [], "speaks against": [], "not judged": []}
    for result in results:
        for part in result.claim.parts:
            verdict = part.verdict(result.measured)
            if part.role == "ours":
                ours.append(verdict)
            elif part.role == "core":
                led.append(verdict)
                found[_PLACE.get(verdict, "speaks against")].append(_said(result, part))
    return {"hold": _count(led), **found, "ours": _count(ours)}


_PLACE = {"holds": "speaks for", "not judged": "not judged"}


def _count(verdicts):
    judged = [verdict for verdict in verdicts if verdict != "not judged"]
    return f"{judged.count('holds')} of {len(judged)}"


def _said(result, part):
    """Return a part's sentence, with its claim and its numbers."""
    values = [result.measured.get(c.quantity) for c in part.criteria]
    numbers = ", ".join(str(value) for value in values if value is not None)
    where = f"{result.id}: {numbers}" if numbers else result.id
    return f"{part.sentence.removesuffix('.')} ({where})"


def folds(laid: pd.DataFrame) -> str:
    """Return a fold of HTML for each explanation: the parts for it, against it, and not judged.

    Parameters
    ----------
    laid : pandas.DataFrame
        What `weighed` returns, a row an explanation.
    """
    return "".join(_fold(name, row) for name, row in laid.iterrows())


def _fold(name, row):
    items = "".join(
        f"<li>{sign} {escape(said)}</li>" for kind, sign in SIGNS.items() for said in row[kind]
    )
    head = f"{escape(name)}: {row['hold']}"
    return f"<details><summary>{head}</summary><ul>{items}</ul></details>"


SIGNS = {"speaks for": "✔", "speaks against": "✘", "not judged": "…"}


def decided(pairs: Iterable[Pair], results: Iterable[Result]) -> pd.DataFrame:
    """Return for each pair the part that decides between the two, its number, and for which.

    By the bounds of the claim: for the `one` if the quantity certainly meets its bound, for the
    `other` if it certainly lies beyond the far one, and else for neither.
    """
    of = {result.id: result for result in results}
    rows = [_between(pair, of[pair.claim]) for pair in pairs]
    return pd.DataFrame(rows).set_index("on what")


def _between(pair, result):
    (part, criterion), *_ = (
        (part, c)
        for part in result.claim.parts
        for c in part.criteria
        if c.quantity == pair.quantity
    )
    value = result.measured.get(pair.quantity)
    found = "not measured in this build"
    if value is not None:
        found = (
            pair.one
            if criterion.holds(value)
            else pair.other
            if criterion.contradicted(value)
            else "neither"
        )
    return {
        "on what": pair.question,
        "between": f"{pair.one} / {pair.other}",
        "what decides": f"{result.id}: {part.sentence.removesuffix('.')}",
        "measured": "" if value is None else str(value),
        "speaks for": found,
    }

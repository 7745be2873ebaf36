"""What was measured of the claims on two draws of seeds, and the verdicts: the scorecard.

A chapter measures and calls `judge` or `record`; the scorecard reads what was recorded. What
decides is in `experiments.registry`.
"""

import inspect
import json
import math
import os
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from experiments import evidence, stored
from experiments.measured import Measured, Reading, not_run
from experiments.registry import CLAIMS, Claim
from grokutils.store.paths import RESULTS as LOCATION
from grokutils.store.whole import write


@dataclass(frozen=True)
class Draw:
    """What was measured on one draw of seeds: by quantity, and the number of seeds."""

    measured: dict[str, Measured]
    seeds: int


@dataclass(frozen=True)
class Result:
    """A claim with what was measured of it, by draw; the last draw decides."""

    claim: Claim
    draws: dict[str, Draw]
    code: str | None = None

    @property
    def id(self) -> str:
        """The claim's."""
        return self.claim.id

    @property
    def measured(self) -> dict[str, Measured]:
        """What was measured on the draw that decides."""
        return list(self.draws.values())[-1].measured if self.draws else {}

    @property
    def seeds(self) -> int:
        """Number of seeds of the draw that decides."""
        return list(self.draws.values())[-1].seeds if self.draws else 0

    @property
    def verdict(self) -> str:
        """The word of the claim, from its core parts."""
        return self.claim.verdict(self.measured)

    @property
    def count(self) -> str:
        """How many of the judged parts hold, such as "6 of 8"."""
        held, judged = self.claim.count(self.measured)
        return f"{held} of {judged}"

    @property
    def finding(self) -> str:
        """The finding in a sentence; empty while nothing is measured."""
        return self.claim.found(self.measured) if self.measured else ""

    @property
    def verdicts(self) -> dict[str, dict[str, str]]:
        """The verdict on each part, by draw and part."""
        return {
            name: {part.name: part.verdict(draw.measured) for part in self.claim.parts}
            for name, draw in self.draws.items()
        }

    @property
    def turned(self) -> list[str]:
        """The parts that both draws judge, and judge differently."""
        if len(self.draws) < 2:
            return []
        first, second = self.verdicts.values()
        return [
            n for n in first if first[n] != second[n] and "not judged" not in (first[n], second[n])
        ]

    def _repr_html_(self) -> str:
        from experiments.verdicts import judged  # which draws what this module decides

        return judged(self)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name} = {value}" for name, value in self.measured.items())
        return f"{self.id}: {self.verdict}, {self.count} parts ({self.seeds} seeds; {shown})"


def judge(claim_id: str, decide: Callable, *names: str, **options: object) -> Result:
    """Judge a claim on the draws of some tables, keep the result, and return it.

    While a table lacks runs of the second draw, the first decides. What was foretold is judged on
    fresh seeds alone; until all of their runs are made, it is not run.

    Parameters
    ----------
    claim_id : str
        A key of `CLAIMS`.
    decide : callable
        From the tables to a dictionary of measured quantities. If it has a parameter
        `chosen_on`, whatever it chooses as the best of several is chosen on the first draw's
        tables, which it gets there as a tuple.
    *names : str
        Of the tables, see `experiments.stored.table`; the seeds are those that each
        setting of the first of them has.
    **options
        Passed on to `decide`.
    """
    claim = CLAIMS[claim_id]
    wanted = ("fresh",) if claim.kind == "foretold" else ("first", "second")
    tables = {draw: tuple(stored.table(name, draw) for name in names) for draw in wanted}
    if "chosen_on" in inspect.signature(decide).parameters:
        options["chosen_on"] = tables["first"]
    draws = {}
    for draw, of in tables.items():
        whole = all(map(len, of)) if draw == "fresh" else len(of[0])
        if draw == "first" or (whole and all(stored.complete(n, draw) for n in names)):
            measured = decide(*of, **options)
            seeds = stored.seeds_of(names[0], of[0])
            if seeds < claim.least_seeds:  # but runs that decide may be of more
                seeds = max(Measured.of(value).runs or seeds for value in measured.values())
            draws[draw] = Draw(measured, seeds)
        elif draw == "fresh":
            draws[draw] = Draw(not_run(*(c.quantity for c in claim.criteria)), 0)
    return record(claim_id, **draws)


def record(claim_id: str, **draws: Draw) -> Result:
    """Judge a claim by what was measured, keep the result for the scorecard, and return it.

    Parameters
    ----------
    claim_id : str
        A key of `CLAIMS`.
    **draws : Draw
        `first` and `second`, or `fresh`; the last decides. Each has every quantity of the claim's
        criteria; one in which none of them is run needs no seeds.

    Raises
    ------
    ValueError
        If the claim is unknown, a quantity is missing or not asked for, the seeds are few, or
        the claim's finding says what is no more so.
    """
    if claim_id not in CLAIMS:
        raise ValueError(f"claim_id = {claim_id!r}: must be one of {', '.join(CLAIMS)}")
    claim, kept = CLAIMS[claim_id], {}
    asked = {criterion.quantity for criterion in claim.criteria}
    for name, draw in draws.items():
        if asked != set(draw.measured):
            found = sorted(draw.measured)
            raise ValueError(f"{claim_id}: measured {found}, asked for {sorted(asked)}")
        values = map(Measured.of, draw.measured.values())
        runs = any(value.reading is not Reading.NOT_RUN for value in values)
        if runs and draw.seeds < claim.least_seeds:
            few = f"{draw.seeds} seeds, at least {claim.least_seeds} are needed"
            raise ValueError(f"{claim_id}: {few}")
        measured = {c.quantity: Measured.of(draw.measured[c.quantity]) for c in claim.criteria}
        kept[name] = Draw(measured, int(draw.seeds))
    code: str | None = evidence.of_chapter(claim.chapter)
    if evidence.newer(claim.chapter):
        warnings.warn("the package changed after this process loaded it: restart", stacklevel=2)
        code = None
    result = Result(claim, kept, code)
    claim.found(result.measured)
    LOCATION.mkdir(parents=True, exist_ok=True)
    partial = LOCATION / f"{claim_id}.{os.getpid()}"
    partial.write_text(json.dumps(_kept(result), indent=1), encoding="utf-8")
    partial.replace(LOCATION / f"{claim_id}.json")
    return result


def results() -> list[Result]:
    """Return the `Result` of every claim.

    One recorded by other code, from other tables or by another chapter counts as not measured.
    """
    found, chapters = [], {claim.chapter for claim in CLAIMS.values() if claim.chapter}
    codes = evidence.of_chapters(chapters)
    for claim in CLAIMS.values():
        path = LOCATION / f"{claim.id}.json"
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"code": None}
        if kept["code"] and kept["code"] == codes.get(claim.chapter):
            found.append(Result(claim, _read(kept["draws"]), kept["code"]))
        else:
            found.append(Result(claim, {}))
    return found


def _kept(result):
    """Return what is kept of a result: the numbers, and not what follows from them."""
    draws = {
        name: {
            "seeds": draw.seeds,
            "measured": {q: [float(v), v.runs, v.reading.name] for q, v in draw.measured.items()},
        }
        for name, draw in result.draws.items()
    }
    return {"id": result.id, "code": result.code, "draws": draws}


def _read(draws):
    return {
        name: Draw(
            {
                q: Measured(v, runs, Reading[word])
                for q, (v, runs, word) in kept["measured"].items()
            },
            kept["seeds"],
        )
        for name, kept in draws.items()
    }


def as_json() -> str:
    """Return the scorecard as JSON: a list, a claim an entry; see `scorecard.schema.json`.

    A measured number that JSON lacks (NaN, infinity) is null, and its reading says what it is.
    """
    return json.dumps([_entry(result) for result in results()], indent=1, allow_nan=False)


def _entry(result):
    claim = result.claim
    return {
        "id": claim.id,
        "title": claim.title,
        "statement": claim.statement,
        "source": claim.source,
        "arxiv": list(claim.arxiv),
        "where": claim.where,
        "chapter": claim.chapter,
        "kind": claim.kind,
        "verdict": result.verdict,
        "verdict_before_parts": claim.before,
        "count": result.count,
        "finding": result.finding,
        "parts": [_part(part, result) for part in claim.parts],
        "draws": {
            name: {
                "seeds": draw.seeds,
                "verdict": claim.verdict(draw.measured),
                "parts": result.verdicts[name],
                "measured": {q: _number(v) for q, v in draw.measured.items()},
            }
            for name, draw in result.draws.items()
        },
        "measured": {q: _number(v) for q, v in result.measured.items()},
        "seeds": result.seeds,
        "code": result.code,
    }


def _part(part, result):
    criteria = [
        {
            "quantity": c.quantity,
            "bound": c.needed,
            "reason": c.reason,
            "measured": _number(value),
            "reading": value.reading.value.word,
            "holds": c.holds(value),
            "contradicts": c.contradicted(value),
            "runs": result.seeds if value.runs is None else value.runs,
        }
        for c in part.criteria
        for value in [result.measured.get(c.quantity)]
        if value is not None
    ]
    return {
        "name": part.name,
        "sentence": part.sentence,
        "role": part.role,
        "where": part.where,
        "verdict": part.verdict(result.measured),
        "seeds": min([c["runs"] for c in criteria], default=0),
        "criteria": criteria,
    }


def _number(value):
    return float(value) if math.isfinite(value) else None


if __name__ == "__main__":
    write(Path(sys.argv[1]), as_json())
    missing = [result.id for result in results() if not result.measured]
    if missing and "--strict" in sys.argv:
        sys.exit(f"not yet measured: {', '.join(missing)}")

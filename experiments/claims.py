"""The claims of the paper and of later ones, what decides each, and the verdicts.

Every bound below was written down, with its reason, before the numbers it judges were looked
at: they stand in `claims.toml`. A chapter measures and calls `record`; the scorecard reads what
was recorded.
"""

import json
import math
import os
import sys
import tomllib
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

from experiments import evidence
from grokutils.store.paths import RESULTS as LOCATION

# The words for a claim of the paper, and for one that was made on another task: whether it holds
# on sparse parity with the paper's network, "here", and no more.
VERDICTS = ("reproduced", "partly", "not reproduced", "contradicted", "not yet measured")
HERE = (
    "holds here",
    "holds here in part",
    "does not hold here",
    "contradicted here",
    "not yet measured",
)
KINDS = {"paper": VERDICTS, "here": HERE}


@dataclass(frozen=True)
class Criterion:
    """A bound on one measured quantity, and why it is there.

    The criterion holds if the quantity is `at_least` (or `at_most`) the bound. If it reaches
    `contradicts`, on the other side, the claim is not only unconfirmed but contradicted.
    """

    quantity: str
    reason: str
    at_least: float | None = None
    at_most: float | None = None
    contradicts: float | None = None

    def __post_init__(self):
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError(f"{self.quantity}: needs one of at_least and at_most")

    def holds(self, value: float) -> bool:
        """Return whether the value meets the bound; NaN never does."""
        if self.at_least is not None:
            return value >= self.at_least
        return self.at_most is not None and value <= self.at_most

    def contradicted(self, value: float) -> bool:
        """Return whether the value speaks against the claim."""
        if self.contradicts is None:
            return False
        return value <= self.contradicts if self.at_most is None else value >= self.contradicts

    @property
    def needed(self) -> str:
        """The bound in words."""
        return f"≥ {self.at_least:g}" if self.at_most is None else f"≤ {self.at_most:g}"

    def __str__(self) -> str:
        return f"{self.quantity} {self.needed}: {self.reason}"


@dataclass(frozen=True)
class Claim:
    """One claim: in our words, where it stands in its paper, and what decides it.

    `kind`, a key of `KINDS`, says in which words the verdict is given; `title` is the statement
    in a few words.
    """

    id: str
    where: str
    statement: str
    chapter: str
    least_seeds: int = 5
    criteria: tuple[Criterion, ...] = ()
    kind: str = "paper"
    title: str = ""

    def verdict(self, measured: dict) -> str:
        """Judge a dictionary of measured quantities.

        Contradicted if any criterion is; else reproduced, partly or not reproduced as all,
        some or none of the criteria hold; or the same in the words of another kind.
        """
        reproduced, partly, not_reproduced, contradicted, not_measured = KINDS[self.kind]
        if not measured:
            return not_measured
        held = [c.holds(measured[c.quantity]) for c in self.criteria]
        if any(c.contradicted(measured[c.quantity]) for c in self.criteria):
            return contradicted
        if all(held):
            return reproduced
        return partly if any(held) else not_reproduced


@dataclass(frozen=True)
class Result:
    """What was measured of one claim, over how many seeds, and the verdict."""

    id: str
    statement: str
    where: str
    chapter: str
    measured: dict
    seeds: int
    threshold: list
    verdict: str
    code: str | None
    kind: str

    def _repr_html_(self) -> str:
        from experiments.verdicts import judged  # which draws what this module decides

        return judged(self)

    def __repr__(self) -> str:
        shown = ", ".join(f"{k} = {v:.4g}" for k, v in self.measured.items())
        return f"{self.id}: {self.verdict} ({self.seeds} seeds; {shown})"


def record(claim_id: str, *, seeds: int, **measured: float) -> Result:
    """Judge a claim by what was measured, keep the result for the scorecard, and return it.

    Parameters
    ----------
    claim_id : str
        A key of `CLAIMS`.
    seeds : int
        Number of seeds measured.
    **measured : float
        The quantity of every criterion of the claim.

    Raises
    ------
    ValueError
        If the claim is unknown, a quantity is missing or not asked for, or the seeds are few.
    """
    if claim_id not in CLAIMS:
        raise ValueError(f"claim_id = {claim_id!r}: must be one of {', '.join(CLAIMS)}")
    claim = CLAIMS[claim_id]
    asked = {criterion.quantity for criterion in claim.criteria}
    if asked != set(measured):
        raise ValueError(f"{claim_id}: measured {sorted(measured)}, asked for {sorted(asked)}")
    if seeds < claim.least_seeds:
        raise ValueError(f"{claim_id}: {seeds} seeds, at least {claim.least_seeds} are needed")
    code: str | None = evidence.of_chapter(claim.chapter)
    if evidence.newer(claim.chapter):
        warnings.warn("the package changed after this process loaded it: restart", stacklevel=2)
        code = None
    result = _result(claim, {k: float(v) for k, v in measured.items()}, int(seeds), code)
    LOCATION.mkdir(parents=True, exist_ok=True)
    partial = LOCATION / f"{claim_id}.{os.getpid()}"
    partial.write_text(json.dumps(asdict(result), indent=1))
    partial.replace(LOCATION / f"{claim_id}.json")
    return result


def results() -> list[Result]:
    """Return the `Result` of every claim.

    One recorded by other code, from other tables or by another chapter counts as not measured.
    """
    found, chapters = [], {claim.chapter for claim in CLAIMS.values() if claim.chapter}
    codes = {chapter: evidence.of_chapter(chapter) for chapter in chapters}
    for claim in CLAIMS.values():
        path = LOCATION / f"{claim.id}.json"
        stored = json.loads(path.read_text()) if path.exists() else {"code": None}
        if stored["code"] and stored["code"] == codes.get(claim.chapter):
            found.append(_result(claim, stored["measured"], stored["seeds"], stored["code"]))
        else:
            found.append(_result(claim, {}, 0, None))
    return found


def as_json() -> str:
    """Return the scorecard as JSON: a list, a claim an entry.

    A measured number that JSON lacks (NaN, infinity) is null.
    """
    card = [asdict(result) for result in results()]
    for entry in card:
        finite = {k: v if math.isfinite(v) else None for k, v in entry["measured"].items()}
        entry["measured"] = finite
    return json.dumps(card, indent=1, allow_nan=False)


def _result(claim, measured, seeds, code):
    return Result(
        id=claim.id,
        statement=claim.statement,
        where=claim.where,
        chapter=claim.chapter,
        measured=measured,
        seeds=seeds,
        threshold=[str(criterion) for criterion in claim.criteria],
        verdict=claim.verdict(measured),
        code=code,
        kind=claim.kind,
    )


def _read():
    found = {}
    for claim_id, entry in tomllib.loads(Path(__file__).with_suffix(".toml").read_text()).items():
        criteria = tuple(Criterion(**criterion) for criterion in entry.pop("criteria", []))
        found[claim_id] = Claim(id=claim_id, criteria=criteria, **entry)
    return found


CLAIMS = _read()


if __name__ == "__main__":
    print(as_json())
    missing = [result.id for result in results() if not result.measured]
    if missing and "--strict" in sys.argv:
        sys.exit(f"not yet measured: {', '.join(missing)}")

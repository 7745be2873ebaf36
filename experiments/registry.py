"""The claims of the paper, of later ones and of this book, their parts, and what decides each.

Every bound was written down, with its reason, before the numbers it judges were looked at: they
stand in `claims.toml`. Which bounds make a part, and what part it plays, stands in `parts.toml`.
What this book foretold stands with both in files that no run has changed, see `FROZEN`.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from experiments.measured import Measured, Reading

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
# And for what this book foretold before the runs.
FORETOLD = (
    "came as foretold",
    "came in part",
    "did not come",
    "contradicted by the runs",
    "not yet measured",
)
KINDS = {"paper": VERDICTS, "here": HERE, "foretold": FORETOLD}
# The files of what was foretold, frozen before the runs, and the chapter that says what came.
FROZEN = {
    "law.toml": "18_law",
    "soon.toml": "18_law",
    "margin.toml": "15_norm",
    "told.toml": "26_tickets",
}
ELSEWHERE = dict.fromkeys(("L5", "L6", "L7", "L8", "L9"), "19_why")  # of one file, on two pages
OF_PARTS = ("holds", "does not hold", "contradicted", "not judged")
ROLES = {
    "core": "what its source leads with",
    "further": "what its source also says",
    "ours": "a control or a reading of ours",
}


@dataclass(frozen=True)
class Criterion:
    """A bound on one measured quantity, and why it is there.

    The criterion holds if the quantity is `at_least` (or `at_most`) the bound. If it reaches
    `contradicts`, on the other side, its part is not only unconfirmed but contradicted.
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
        """Return whether the value certainly meets the bound; see `Measured`."""
        measured = Measured.of(value)
        if self.at_least is not None:
            return measured.reaches(self.at_least)
        return self.at_most is not None and measured.stays_within(self.at_most)

    def contradicted(self, value: float) -> bool:
        """Return whether the value certainly speaks against the claim."""
        if self.contradicts is None:
            return False
        return Measured.of(value).beyond(self.contradicts, above=self.at_most is not None)

    @property
    def needed(self) -> str:
        """The bound in words."""
        return f"≥ {self.at_least:g}" if self.at_most is None else f"≤ {self.at_most:g}"

    def __str__(self) -> str:
        return f"{self.quantity} {self.needed}: {self.reason}"


@dataclass(frozen=True)
class Part:
    """One sentence of a claim, true when it holds, with what decides it.

    `role` is a key of `ROLES`, `where` the place in the source that gives it this role.
    """

    name: str
    sentence: str
    role: str
    where: str
    criteria: tuple[Criterion, ...] = ()
    wanted: str = ""

    def verdict(self, measured: dict) -> str:
        """Return one of `OF_PARTS`: what holds has all of its criteria hold."""
        holds, fails, contradicted, not_judged = OF_PARTS
        values = [(c, Measured.of(measured[c.quantity])) for c in self.criteria if measured]
        if any(c.contradicted(value) for c, value in values):
            return contradicted
        if not values or any(value.reading in _UNKNOWN for _, value in values):
            return not_judged
        return holds if all(c.holds(value) for c, value in values) else fails


# Of these nothing can be said, neither for a part nor against it.
_UNKNOWN = {Reading.NOTHING, Reading.UNSETTLED, Reading.FEW, Reading.NOT_RUN}


@dataclass(frozen=True)
class Claim:
    """One claim: in our words, where it stands in its paper, its parts, and what was found.

    `kind`, a key of `KINDS`, says in which words the verdict is given; `title` is the statement
    in a few words. `finding` is a sentence to quote, which takes measured numbers in braces and
    `relies` on the verdicts of some parts; what was foretold has none, since its parts are what
    there is to say. `before` is the word by the rule of before parts, if the claim was there.
    """

    id: str
    where: str
    statement: str
    chapter: str
    least_seeds: int = 5
    criteria: tuple[Criterion, ...] = ()
    kind: str = "paper"
    title: str = ""
    source: str = ""
    arxiv: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    finding: str = ""
    relies: tuple[tuple[str, str], ...] = ()
    before: str = ""

    def verdict(self, measured: dict) -> str:
        """Judge a dictionary of measured quantities by the parts that the source leads with.

        Contradicted if one of these is; else reproduced, partly or not reproduced as all, some or
        none of those that could be judged hold; or the same in the words of another kind.
        """
        reproduced, partly, not_reproduced, contradicted, not_measured = KINDS[self.kind]
        core = {part.verdict(measured) for part in self.parts if part.role == "core"}
        judged = core - {"not judged"}
        if not judged:
            return not_measured
        if "contradicted" in judged:
            return contradicted
        return (
            reproduced if judged == {"holds"} else partly if "holds" in judged else not_reproduced
        )

    def count(self, measured: dict) -> tuple[int, int]:
        """Return how many parts hold, and how many could be judged, of whatever role."""
        found = [part.verdict(measured) for part in self.parts]
        return found.count("holds"), len(found) - found.count("not judged")

    def found(self, measured: dict) -> str:
        """Return the finding, with its numbers.

        Raises
        ------
        ValueError
            If a part that it relies on came out otherwise: then another sentence is needed.
        """
        if not self.finding:
            return self._came(measured)
        of = {part.name: part.verdict(measured) for part in self.parts}
        wrong = [f"{name} {of[name]}, not {said}" for name, said in self.relies if of[name] != said]
        if wrong:
            raise ValueError(f"{self.id}: the finding in parts.toml relies on {'; '.join(wrong)}")
        return self.finding.format_map(measured)

    def _came(self, measured):
        """Say which of the sentences that were led with came true, with their numbers.

        Where all did, also which of the others did not.
        """
        if all(Measured.of(value).reading is Reading.NOT_RUN for value in measured.values()):
            return "Not run yet."
        said: dict[str, list[str]] = {}
        whole = self.verdict(measured) == KINDS[self.kind][0]
        for part in self.parts:
            failed = part.verdict(measured) in ("does not hold", "contradicted")
            if part.role == "core" or (whole and failed and part.role == "further"):
                numbers = ", ".join(
                    f"{c.quantity.replace('_', ' ')} {Measured.of(measured[c.quantity])}"
                    for c in part.criteria
                )
                word = _CAME.get(part.verdict(measured), "Not as foretold")
                sentence = part.sentence[0].lower() + part.sentence[1:].removesuffix(".")
                said.setdefault(word, []).append(f"{sentence} ({numbers})")
        return " ".join(f"{word}: {'; '.join(parts)}." for word, parts in said.items())


_CAME = {"holds": "As foretold", "not judged": "Not judged"}


def bounds(folder: Path = Path(__file__).parent) -> dict[str, dict]:
    """Return what decides each claim, by its number, as the files in a folder have it."""
    found = _toml(folder / "claims.toml")
    for name, chapter in FROZEN.items():
        for entry in _toml(folder / name)["claim"]:
            page = ELSEWHERE.get(entry["id"], chapter)
            of = {"kind": "foretold", "chapter": page, "where": f"experiments/{name}"}
            found[entry["id"]] = of | entry
    return found


def _read():
    parts = {of["id"]: of for of in _toml(Path(__file__).with_name("parts.toml"))["claim"]}
    return {id_: _claim(entry | parts.get(id_, {})) for id_, entry in bounds().items()}


def _claim(of):
    criteria = {c["quantity"]: Criterion(**c) for c in of.pop("criteria", [])}
    parts = tuple(
        Part(**part | {"criteria": tuple(criteria[name] for name in part["criteria"])})
        for part in of.pop("part")
    )
    of |= {"arxiv": tuple(of.get("arxiv", ())), "relies": tuple(of.get("relies", {}).items())}
    return Claim(criteria=tuple(criteria.values()), parts=parts, **of)


def _toml(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


CLAIMS = _read()

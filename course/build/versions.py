"""What changed from version to version, and what was wrong: read from `CHANGELOG.md`.

There a version is a heading with its date, and what it found to be wrong in the one before stands
under a heading of its own, `ERRATA`. Why the word of a claim changed comes from the claims.
"""

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from course.build.book import ROOT
from experiments.claims import Result

ERRATA = "### Statements that were wrong"
HEAD = re.compile(r"^## (?P<name>\S+)(?: \((?P<date>[\d-]+)\))?\n", re.M)


@dataclass(frozen=True)
class Version:
    """One version: its name, its date ("" while it has none), what changed, what had been wrong."""

    name: str
    date: str
    changes: str
    errata: str


def read(text=""):
    """Return all versions, the newest first, of a changelog or of the book's."""
    text = text or (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    heads = list(HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    found = []
    for head, end in zip(heads, ends, strict=True):
        changes, _, errata = text[head.end() : end].partition(ERRATA)
        name, date = head["name"], head["date"] or ""
        found.append(Version(name, date, changes.strip(), errata.strip()))
    return found


def tags():
    """Return {tag: its commit} of the clone; nothing where the book is no clone."""
    ask = ["git", "tag", "--format", "%(refname:short) %(objectname:short)"]
    try:
        done = subprocess.run(ask, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return {}
    return dict(line.split() for line in done.stdout.splitlines())


def table(versions, tagged):
    """Return a row a version: its date, and its tag with the commit if the clone has one."""
    rows = []
    for version in versions:
        tag = next((t for t in tagged if t.removeprefix("v") == version.name), "")
        shown = f"{tag}, commit {tagged[tag]}" if tag else "none in this clone"
        rows.append({"version": version.name, "date": version.date or "to come", "tag": shown})
    return pd.DataFrame(rows).set_index("version")


def under_heads(versions, field):
    """Return the changes or the errata of all versions that have some, as Markdown."""
    return "\n\n".join(
        f"**{v.name}{f' ({v.date})' if v.date else ''}**\n\n{getattr(v, field)}"
        for v in versions
        if getattr(v, field)
    )


def words(results: Iterable[Result]) -> pd.DataFrame:
    """Return the claims whose word is another since it comes from parts, with the reason."""
    changed = [r for r in results if r.measured and r.verdict != r.claim.before]
    rows = [
        {"claim": r.id, "until then": r.claim.before, "now": r.verdict, "why": why(r)}
        for r in changed
    ]
    return pd.DataFrame(rows, columns=["claim", "until then", "now", "why"]).set_index("claim")


def why(result: Result) -> str:
    """Return what the word of a claim stands on, and what it no longer stands on."""
    verdicts = [(part, part.verdict(result.measured)) for part in result.claim.parts]
    core = [v for p, v in verdicts if p.role == "core" and v != "not judged"]
    said = f"{core.count('holds')} of {len(core)} parts that its source leads with hold"
    if "contradicted" in core:
        said += f", {core.count('contradicted')} contradicted"
    aside = [p for p, v in verdicts if p.role != "core" and v == "contradicted"]
    if "contradicted" in result.claim.before and aside:
        named = "; ".join(f"“{part.sentence.rstrip('.')}”" for part in aside)
        said += f"; contradicted, and no longer counted against it: {named}"
    return said

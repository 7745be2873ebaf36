"""List the exercises of the chapters: what they ask of a student, whether the solution runs."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

CHAPTERS = Path(__file__).parents[2] / "chapters"
EXERCISE = re.compile(r"^`{3,}\{exercise\} (?P<title>.*)\n:label: (?P<label>\S+)\n", re.M)
HEAD = re.compile(
    r"^\*\*(?P<level>[\w-]+) · (?P<minutes>\d+) minutes\.\*\* Trains: (?P<trains>.+)\.$"
)
LEVELS = ("Warm-up", "Standard", "Challenge", "Open")


@dataclass(frozen=True)
class Exercise:
    """One exercise; `level` is empty where its head does not say it."""

    chapter: str
    label: str
    title: str
    level: str
    minutes: int
    trains: str
    hinted: bool
    solved: bool
    runs: bool


def read(path):
    """Return the exercises of one notebook, in order."""
    cells = [
        (cell["cell_type"], "".join(cell["source"]))
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    ]
    return [
        _exercise(path.stem, found, text, cells)
        for kind, text in cells
        if kind == "markdown" and (found := EXERCISE.search(text))
    ]


def _exercise(chapter, found, text, cells):
    head = HEAD.match(text[found.end() :].split("\n", 1)[0])
    label = found["label"]
    solution = re.compile(rf"\{{solution(-start)?\}} {label}$", re.M)
    place = next((i for i, (_, text) in enumerate(cells) if solution.search(text)), None)
    return Exercise(
        chapter=chapter,
        label=label,
        title=found["title"],
        level=head["level"] if head else "",
        minutes=int(head["minutes"]) if head else 0,
        trains=head["trains"] if head else "",
        hinted="{dropdown} Hint" in text,
        solved=place is not None,
        runs=place is not None and _has_code(cells[place:]),
    )


def _has_code(cells):
    """Return whether there is a code cell before the end of the solution that cells begin with."""
    if "{solution}" in cells[0][1]:
        return False
    for kind, text in cells:
        if kind == "code":
            return True
        if "{solution-end}" in text:
            return False
    return False


def all_exercises():
    """Return the exercises of the book, chapter by chapter."""
    return [exercise for path in sorted(CHAPTERS.glob("[0-9]*.ipynb")) for exercise in read(path)]

"""Take what students handed in, and put right what no mark should hang on.

python receive.py

From `grading/submitted/` to `grading/received/`, which is what is graded. Put right are: a notebook
of another name, cells in another order, test cells that were deleted, cells whose metadata an
editor dropped, huge outputs, a file that is no notebook. What was put right stands at the top of
the notebook, for the student, and is printed for you.
"""

import copy
import re
from difflib import SequenceMatcher
from pathlib import Path

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor

GRADING = Path(__file__).parents[2] / "grading"
SHOWN = "[left out: this shows what only the grader has]"


def name(cell):
    """Return what nbgrader calls a cell, or None."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def put_right(given, released):
    """Return the notebook that is graded for the one handed in, and words on what was put right."""
    words, cells = [], [copy.deepcopy(cell) for cell in given.cells]
    asked = {name(cell): cell for cell in released.cells if name(cell)}
    if not any(name(cell) in asked for cell in cells):
        _recognize(cells, released.cells)
        words.append("the cells had lost their marks and were recognized by their text")
    there = {name(cell): cell for cell in cells if name(cell) in asked}
    if missing := [key for key in asked if key not in there]:
        words.append(f"put back as given out: {', '.join(missing)}")
    if list(there) != [key for key in asked if key in there]:
        words.append("the cells were put in order")
    blocks, above = {}, "above"
    for cell in cells:  # what stands below a marked cell stays below it
        above = name(cell) if name(cell) in asked else above
        blocks.setdefault(above, []).append(cell)
    ordered = [
        *blocks.get("above", []),
        *(c for key in asked for c in blocks.get(key, [copy.deepcopy(asked[key])])),
    ]
    for cell in ordered:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nbformat.v4.new_notebook(cells=ordered, metadata=released.metadata), words


def _recognize(cells, released):
    """Give cells the metadata of those given out: of equal text, or between two such."""
    texts = [[(c.cell_type, c.source.strip()) for c in each] for each in (released, cells)]
    matcher = SequenceMatcher(None, *texts, autojunk=False)
    for _, first, end, other, other_end in matcher.get_opcodes():
        free = list(range(other, other_end))
        for old in released[first:end]:
            alike = [n for n in free if cells[n].cell_type == old.cell_type]
            best = max(alike, key=lambda n: _likeness(old.source, cells[n].source), default=None)
            if best is None or not (name(old) or cells[best].source == old.source):
                continue
            free.remove(best)
            if name(old):
                cells[best].metadata["nbgrader"] = copy.deepcopy(old.metadata["nbgrader"])


def _likeness(one, other):
    return SequenceMatcher(None, one, other, autojunk=False).quick_ratio()


def read(folder, released_name):
    """Return the notebook of a folder that was handed in, or None, and words on its file."""
    files = sorted(folder.glob("*.ipynb"), key=lambda path: path.name != released_name)
    words = []
    for path in files:
        try:
            found = nbformat.read(path, as_version=4)
        except Exception:  # a file that is no notebook fails in many ways
            words.append(f"{path.name} is no notebook that can be read")
            continue
        if path.name != released_name:
            words.append(f"{path.name} was taken for {released_name}")
        return found, words
    return None, [*words, f"no {released_name} was found: it counts as not answered"]


def receive(folder, released_path, place):
    """Write the notebook that is graded for a folder that was handed in; return the words on it."""
    released = nbformat.read(released_path, as_version=4)
    given, words = read(folder, released_path.name)
    graded, more = put_right(given or released, released)
    words += more
    if words:
        said = "".join(f"\n- {word}" for word in words)
        graded.cells.insert(
            0, nbformat.v4.new_markdown_cell(f"**When this was received:**\n{said}")
        )
    place.mkdir(parents=True, exist_ok=True)
    nbformat.write(graded, place / released_path.name)
    return words


class LeaveOut(NbGraderPreprocessor):
    """Leave out of what a student's code prints the lines that only the grader has."""

    def preprocess(self, nb, resources):
        """Return the notebook, after it was run."""
        about = resources["nbgrader"]
        source = GRADING.parent / "course" / "assignments" / "source" / about["assignment"]
        (path,) = source.glob("*.ipynb")
        student = GRADING / "student" / about["assignment"] / path.name
        given_out = _plain(student.read_text(encoding="utf-8"))
        sources = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
        lines = {_plain(line) for line in sources.splitlines()}
        told = {line for line in lines if len(line) > 12 and line not in given_out}
        for cell in nb.cells:
            for output in cell.get("outputs", []):
                failed = output.output_type == "error"
                text = _plain(output.evalue if failed else str(output))
                if any(line in text for line in told):
                    output.clear()
                    output.update(nbformat.v4.new_output("stream", name="stdout", text=SHOWN))
                    who = f"{about['student']}, {about['assignment']}"
                    print(f"{who}: a cell printed what only the grader has")
        return nb, resources


def _plain(text):
    """Return a text without what quoting it adds or takes away."""
    return re.sub(r"""[\s\\"']""", "", text)


def main():
    """Receive all that was handed in."""
    for folder in sorted((GRADING / "submitted").glob("*/*/")):
        student, assignment = folder.parts[-2:]
        released = next((GRADING / "student" / assignment).glob("*.ipynb"), None)
        if released is None:
            print(f"{student}, {assignment}: no such assignment was given out (make assignments)")
            continue
        for word in receive(folder, released, GRADING / "received" / student / assignment):
            print(f"{student}, {assignment}: {word}")


if __name__ == "__main__":
    main()

"""The quiz as a page that needs no script and no kernel, and as GIFT for a learning platform.

python -m course.build.quiz quiz.gift
"""

import math
import re
import sys
import tomllib
from html import escape
from pathlib import Path

from experiments import claims
from grokutils.store.whole import write

COURSE = Path(__file__).parents[1]
QUESTIONS = tomllib.loads((COURSE / "quiz.toml").read_text(encoding="utf-8"))["question"]
PARTS = {"paper": "The paper", "since": "Explanations since 2023"}


def check(questions=QUESTIONS, results=None):
    """Raise `ValueError` if an answer rests on a measured number that is now another.

    What has not been measured is not checked.
    """
    found = {result.id: result.measured for result in results or claims.results()}
    for question in questions:
        for claim, quantity, side, bound in question.get("while", []):
            value = found[claim].get(quantity)
            if value is None or math.isnan(value):
                continue
            if not (value >= bound if side == "at least" else value <= bound):
                raise ValueError(
                    f"{question['id']}: {claim}.{quantity} = {value:g}, not {side} {bound}"
                )


def of(part, questions=QUESTIONS):
    """Return the questions of a part, a key of `PARTS`."""
    return [question for question in questions if question.get("part", "paper") == part]


def as_html(questions=QUESTIONS, first=1):
    """Return questions as HTML: choosing an answer uncovers its feedback, by style alone."""
    return "\n".join(_fieldset(number, q) for number, q in enumerate(questions, start=first))


def _fieldset(number, question):
    rows = "\n".join(_answer(question["id"], i, a) for i, a in enumerate(question["answers"]))
    return f"""<fieldset class="quiz" id="quiz-{question["id"]}">
<legend><span>{number}.</span> {escape(question["ask"])}</legend>
{rows}
</fieldset>"""


def _answer(question, place, answer):
    name = f"{question}-{place}"
    verdict = "Right." if answer.get("right") else "No."
    return (
        f'<p><input type="radio" name="{question}" id="{name}" aria-describedby="{name}-why">'
        f'<label for="{name}">{escape(answer["text"])}</label>'
        f'<span class="{"right" if answer.get("right") else "wrong"}" id="{name}-why">'
        f"<strong>{verdict}</strong> {escape(answer['why'])}</span></p>"
    )


def as_gift(questions=QUESTIONS):
    """Return the quiz in GIFT, which Moodle and others import: = right, ~ wrong, # feedback.

    A category for each part.
    """
    parts = {title: of(part, questions) for part, title in PARTS.items()}
    return "\n".join(
        "\n".join([f"$CATEGORY: Grokking/{title}\n", *map(_gift, asked)])
        for title, asked in parts.items()
    )


def _gift(question):
    answers = "\n".join(
        f"\t{'=' if a.get('right') else '~'}{_plain(a['text'])}#{_plain(a['why'])}"
        for a in question["answers"]
    )
    return f"::{question['id']}::{_plain(question['ask'])}{{\n{answers}\n}}\n"


def _plain(text):
    return re.sub(r"([~=#{}:\\])", r"\\\1", text)


if __name__ == "__main__":
    write(Path(sys.argv[1]), as_gift())

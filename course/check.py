"""Say of a number that answers an exercise whether it is right, near, or what kind of wrong.

In a chapter: ``check("ex-task-bias", 0.04)``. The numbers are in `answers.toml`; each is checked by
the solution that stands in the book. The form on a page goes through the same list of `rules`
(`_ext/answers.py`, `assets/answers.js`).
"""

import difflib
import functools
import math
import sys
import tomllib
from dataclasses import dataclass
from numbers import Real
from pathlib import Path

SOURCE = Path(__file__).with_name("answers.toml")
MOST = sys.float_info.max  # a bound that JSON can write
RIGHT = "Right."
NEAR = "Near, but not right: look at the last step, or give more digits."


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is asked, the number, how far off is right and near; `wrong` numbers and what they are.

    A wrong one is {number, says, within}; without `within` it is as wide as the right one.
    """

    asks: str
    number: float
    within: float
    near: float
    wrong: tuple

    def rules(self):
        """Return (lowest, highest, what is said), in the order of trying; the last two take all."""

        def around(number, width, says):
            return number - width, number + width, says

        return [
            around(self.number, self.within, RIGHT),
            *(
                around(wrong["number"], wrong.get("within", self.within), _not(wrong["says"]))
                for wrong in self.wrong
            ),
            around(self.number, self.near, NEAR),
            (-MOST, self.number, _not("It is larger.")),
            (self.number, MOST, _not("It is smaller.")),
        ]


def _not(says):
    return f"Not right. {says}"


@functools.cache
def answers():
    """Return {label of an exercise: its `Answer`}."""
    entries = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return {label: Answer(**entry) for label, entry in entries.items()}


def said(rules, number):
    """Return what the first of the rules that holds a number says."""
    return next(says for low, high, says in rules if low <= number <= high)


def check(label, number):
    """Print whether a number is the answer of an exercise, near it, or what kind of wrong.

    Raises
    ------
    ValueError
        If no number is asked at `label`, or `number` is not finite.
    TypeError
        If `number` is none: a text, a list, several numbers.
    """
    known = answers()
    if label not in known:
        near = difflib.get_close_matches(str(label), known, n=1)
        meant = f"did you mean {near[0]!r}?" if near else "there are " + ", ".join(known)
        raise ValueError(f"no exercise {label!r} has a number to check; {meant}")
    print(said(known[label].rules(), _finite(number, known[label].asks)))


def _finite(number, asks):
    """Return one finite number, also from an array, a tensor or a series that holds just one."""
    found = number
    if callable(getattr(number, "item", None)):
        try:
            found = number.item()
        except (RuntimeError, ValueError):  # holds several, or none
            found = None
    if not isinstance(found, Real) or isinstance(found, bool):
        raise TypeError(f"one number is asked ({asks}), not {number!r}")
    if not math.isfinite(found):
        raise ValueError(f"a finite number is asked ({asks}), not {found}")
    return found

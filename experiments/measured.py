"""A measured number with how it came about: exact, at least, never, not run, over how many runs."""

import math
from enum import Enum
from typing import NamedTuple


class Said(NamedTuple):
    """What is written beside a number, and what a reader could do about it."""

    word: str
    advice: str


class Reading(Enum):
    """How a number is to be read; only the first three can meet a bound."""

    NUMBER = Said("", "")
    AT_LEAST = Said("at least", "half of the runs it counts had not ended: follow them longer")
    AT_MOST = Said("at most", "half of what it is compared with had not ended: follow that longer")
    NEVER = Said(
        "never", "half of the runs or more never get there, however long: change the setting"
    )
    NOTHING = Said("nothing to compare", "both sides are 0, or both never end")
    UNSETTLED = Said("not settled", "it still changes when the runs end: follow them longer")
    FEW = Said("too few runs", "fewer runs decide it than its bound asks for: add seeds")
    NOT_RUN = Said("not run", "the table has no such rows in this draw: make them")


class Measured(float):
    """A float that knows over how many runs it is, and how it is to be read.

    Parameters
    ----------
    value : float
        NaN where there is no number.
    runs : int, optional
        Number of runs that decide it, where that is not the number of seeds.
    reading : Reading, optional
        By default a number; what is infinite is `NEVER`, what is NaN has nothing to compare.
    """

    runs: int | None
    reading: Reading

    def __new__(
        cls, value: float, runs: int | None = None, reading: Reading = Reading.NUMBER
    ) -> "Measured":
        """Read a number as what it can be."""
        found = super().__new__(cls, value)
        if reading is Reading.NUMBER and not math.isfinite(value):
            reading = Reading.NOTHING if math.isnan(value) else Reading.NEVER
        found.runs, found.reading = runs, reading
        return found

    @classmethod
    def of(cls, value: float) -> "Measured":
        """Return a number as one that is measured, if it is not yet."""
        return value if isinstance(value, Measured) else cls(float(value))

    def __reduce__(self):
        """Be copied, and sent to another process, as it is."""
        return Measured, (float(self), self.runs, self.reading)

    def __str__(self) -> str:
        number = f"{float(self):.3g}".replace("-", "−") if math.isfinite(self) else ""
        return " ".join(part for part in (self.reading.value.word, number) if part)

    def __format__(self, spec: str) -> str:
        word = self.reading.value.word
        if not spec:
            return str(self)
        if not math.isfinite(self):
            return word
        return f"{word} {float(self):{spec}}".strip()

    def reaches(self, bound: float) -> bool:
        """Return whether it is certain that the number is at least a bound."""
        known = self.reading in (Reading.NUMBER, Reading.AT_LEAST)
        return known and math.isfinite(self) and self >= bound

    def stays_within(self, bound: float) -> bool:
        """Return whether it is certain that the number is at most a bound."""
        known = self.reading in (Reading.NUMBER, Reading.AT_MOST)
        return known and math.isfinite(self) and self <= bound

    def beyond(self, bound: float, above: bool) -> bool:
        """Return whether it certainly lies at or beyond a bound; what never comes is beyond all."""
        if self.reading is Reading.NEVER:
            return (self > 0) == above
        return self.reaches(bound) if above else self.stays_within(bound)


def not_run(*quantities: str) -> dict[str, Measured]:
    """Return quantities of which a draw has no rows."""
    return {name: Measured(math.nan, 0, Reading.NOT_RUN) for name in quantities}


def divided(one: float, other: float) -> Measured:
    """Return one number over another, with what can be said of it where either is censored.

    Over fewer runs of the two. There is nothing to compare over 0, where both may be longer,
    or where one is censored and the other below 0, of which the ratio could be on either side.
    """
    one, other = Measured.of(one), Measured.of(other)
    known = [runs for runs in (one.runs, other.runs) if runs is not None]
    runs = min(known, default=None)
    turned = {Reading.AT_LEAST: Reading.AT_MOST, Reading.AT_MOST: Reading.AT_LEAST}
    readings = {one.reading, turned.get(other.reading, other.reading)} - {Reading.NUMBER}
    unclear = len(readings) > 1 or (readings and min(one, other) < 0)
    if other == 0 or not math.isfinite(other) or math.isnan(one) or unclear:
        return Measured(math.nan, runs, Reading.NOTHING)
    return Measured(one / other, runs, *readings)


def either_side(ratio: Measured) -> Measured:
    """Return a ratio as a factor of one or more, to whichever side.

    Nothing is known of one that is censored and may lie on either side of one.
    """
    if math.isnan(ratio) or ratio.reading is (Reading.AT_LEAST if ratio < 1 else Reading.AT_MOST):
        return Measured(math.nan, ratio.runs, Reading.NOTHING)
    return ratio if ratio >= 1 else divided(1.0, ratio)

"""Say what is wrong with an input: the field, its value, and what is allowed."""

import math
from collections.abc import Collection, Iterable, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


def check_integer(name: str, value: Any, *, at_least: int, at_most: int | None = None) -> None:
    """Raise `ValueError` unless `value` is an integer within the bounds, ends included."""
    allowed = f"an integer of at least {at_least}"
    if at_most is not None:
        allowed += f" and at most {at_most}"
    valid = isinstance(value, Integral) and not isinstance(value, bool)
    if not valid or value < at_least or (at_most is not None and value > at_most):
        raise ValueError(f"{name} = {value!r}: must be {allowed}")


def check_number(
    name: str,
    value: Any,
    *,
    above: float | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
) -> None:
    """Raise `ValueError` unless `value` is a finite real number within the bounds."""
    bound = f"above {above}" if above is not None else f"of at least {at_least}"
    if at_most is not None:
        bound += f" and at most {at_most}"
    valid = isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    low = not valid or (value <= above if above is not None else value < at_least)
    if low or (at_most is not None and value > at_most):
        raise ValueError(f"{name} = {value!r}: must be a finite number {bound}")


def check_choice(name: str, value: Any, choices: Collection) -> None:
    """Raise `ValueError` unless `value` is one of `choices`."""
    if value not in choices:
        raise ValueError(f"{name} = {value!r}: must be one of {', '.join(map(repr, choices))}")


def check_seeds(seeds: Iterable[int]) -> list[int]:
    """Return the seeds as a list; raise `ValueError` on none, a repeated or a negative one."""
    if isinstance(seeds, Integral):
        raise ValueError(f"seeds = {seeds!r}: must be a sequence of seeds, for example range(5)")
    seeds = list(seeds)
    if not seeds:
        raise ValueError("seeds = []: must hold at least one seed")
    for seed in seeds:
        check_integer("seeds", seed, at_least=0)
    repeated = sorted({seed for seed in seeds if seeds.count(seed) > 1})
    if repeated:
        raise ValueError(f"seeds: {repeated} given more than once; each seed is one run")
    return [int(seed) for seed in seeds]


def check_array(name: str, value: ArrayLike, *, shape: Sequence[int | None]) -> np.ndarray:
    """Return `value` as an array; raise `ValueError` on a wrong shape or a non-finite entry.

    A length of None in `shape` allows any length of at least 1.
    """
    array = np.asarray(value)
    shown = "(" + ", ".join("any" if length is None else str(length) for length in shape) + ")"
    fits = array.ndim == len(shape) and all(
        found >= 1 if length is None else found == length
        for found, length in zip(array.shape, shape, strict=True)
    )
    if not fits:
        raise ValueError(f"{name} has shape {array.shape}: must have shape {shown}")
    if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
        raise ValueError(f"{name} holds values that are not finite numbers")
    return array


def check_signs(name: str, value: ArrayLike, *, shape: Sequence[int | None]) -> np.ndarray:
    """Return `value` as an array; raise `ValueError` unless every entry is -1 or +1."""
    array = check_array(name, value, shape=shape)
    signs = np.abs(array) == 1
    if not signs.all():
        wrong = array[~signs].flat[0]
        raise ValueError(f"{name} holds the value {wrong}: every entry must be -1 or +1")
    return array

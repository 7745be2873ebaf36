"""What an address of the lab may ask for, checked as Python checks the settings of a run."""

from dataclasses import asdict
from urllib.parse import parse_qsl

from grokutils.check import check_choice, check_integer
from grokutils.parity.config import TrainConfig, configure

PAPER = TrainConfig()
FIXED = ("loss", "optimizer", "dtype")  # the lab's engine has the paper's alone
CHANGE = ("change", "set", "at", "to")
TO_NEURONS = ("clamp", "freeze", "remove", "enlarge", "alone")
TO_SETTINGS = ("weight_decay", "lr", "n_train", "label_noise", "initial_scale")
SETS = ("sparse", "matched", "random")
EVENTS = ("start", "memorization", "generalization")
LARGEST = 2**53 - 1  # whole number that JavaScript holds


def paper() -> dict:
    """Return the paper's settings, by the names that an address has for them."""
    config = asdict(PAPER)
    config |= config.pop("task") | {"seed": 0}
    return {name: value for name, value in config.items() if name not in FIXED}


def check_address(query) -> None:
    """Raise `ValueError` unless the lab can do what a query asks for, as ``seed=13&lr=0.2``.

    Names and bounds are those of `TrainConfig` and `ParityTask`; the error names the field.
    """
    pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True)
    asked = dict(pairs)
    if len(asked) < len(pairs):
        raise ValueError(f"{query!r}: a field is given twice")
    for name in asked:
        check_choice("field", name, (*paper(), *CHANGE))
    settings = {name: _number(name, text) for name, text in asked.items() if name not in CHANGE}
    check_integer("seed", settings.pop("seed", 0), at_least=0, at_most=LARGEST)
    config = configure(PAPER, **settings)
    change = {name: asked[name] for name in CHANGE if name in asked}
    if change:
        _check_change(config, **change)


def _number(name, text):
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        raise ValueError(f"{name} = {text!r}: must be a number") from None


def _check_change(config, change="", at="memorization", **which):
    check_choice("change", change, (*TO_NEURONS, *TO_SETTINGS))
    if at not in EVENTS:
        check_integer("at", _number("at", at), at_least=0, at_most=config.epochs - 1)
    if change in TO_SETTINGS:
        configure(config, **{change: _number("to", which.get("to", ""))})
    elif which.get("set", "sparse") not in SETS:
        for neuron in which["set"].split(","):
            check_integer("set", _number("set", neuron), at_least=0, at_most=config.width - 1)

"""What an address of the lab may ask for: the rules that the page's own JavaScript has."""

import json
import re
from dataclasses import asdict
from pathlib import Path
from urllib.parse import parse_qsl

from grokutils.check import check_choice, check_integer, check_number
from grokutils.parity.config import TrainConfig

RULES = json.loads((Path(__file__).parent / "shared/rules.json").read_text(encoding="utf-8"))
CHANGE = ("change", "set", "at", "to")


def paper() -> dict[str, float]:
    """Return the paper's settings, by the names that an address has for them."""
    config = asdict(TrainConfig())
    config |= config.pop("task") | {"seed": 0}
    return {name: config[name] for name in RULES["fields"]}


def presets() -> list[str]:
    """Return the names of what the lab can start from: settings, then experiments."""
    return [*RULES["starts"], *RULES["experiments"]]


def check_address(query: str) -> None:
    """Raise `ValueError` unless the lab can do what a query asks for, as ``seed=13&lr=0.2``.

    Names are those of `TrainConfig` and `ParityTask`; the error names the field.
    """
    pairs = parse_qsl(query, keep_blank_values=True)
    asked = dict(pairs)
    if len(asked) < len(pairs):
        raise ValueError(f"{query!r}: a field is given twice")
    for name in asked:
        check_choice("field", name, (*RULES["fields"], *RULES["fixed"], *CHANGE))
    for name in asked.keys() & RULES["fixed"].keys():
        check_choice(name, asked[name], [RULES["fixed"][name]])
    settings = paper()
    for name in asked.keys() & settings.keys():
        settings[name] = _number(name, asked[name])
    for name, rule in RULES["fields"].items():
        _check_field(name, rule, settings[name], settings)
    change = {name: asked[name] for name in CHANGE if name in asked}
    if change:
        _check_change(settings, **change)


def check_dot(query: str) -> None:
    """Raise `ValueError` unless a query is a dot of one's own, as ``n_bits=30&n_train=1000``.

    The error names the field; see `lab.widgets`.
    """
    pairs = parse_qsl(query, keep_blank_values=True)
    if len(dict(pairs)) < len(pairs):
        raise ValueError(f"{query!r}: a field is given twice")
    for name, text in pairs:
        check_choice("field", name, list(RULES["dot"]))
        rule, value = RULES["dot"][name], _number(name, text)
        check_integer(name, value, at_least=rule["least"], at_most=rule["most"])


def can_train(row: dict) -> bool:
    """Return whether the lab trains the run of a row of a table, a value of None as if missing.

    It has one loss, one optimizer and one precision, and bounds.
    """
    if any(row.get(name) not in (None, value) for name, value in RULES["fixed"].items()):
        return False
    fields = RULES["fields"].items()
    return all(row[name] <= rule["most"] for name, rule in fields if row.get(name) is not None)


def changes_of(row: dict) -> dict[str, float]:
    """Return the settings of a row that are not the paper's, and its seed in any case."""
    usual = paper() | {"seed": None}
    usual.pop("epochs")  # its last one is what the race came to
    changes = {name: row[name] for name in usual if row.get(name, usual[name]) != usual[name]}
    return {name: _plain(value) for name, value in changes.items() if value is not None}


def address_of(row: dict) -> str:
    """Return the query that opens the lab on the run of a row, until its `last_epoch`."""
    asked = changes_of(row) | {"epochs": _plain(row["last_epoch"])}
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    check_address(query)
    return query


def _plain(value):
    return int(value) if float(value).is_integer() else float(value)


def _number(name, text):
    if not re.fullmatch(RULES["number"], text.strip()):
        raise ValueError(f"{name} = {text!r}: must be a number")
    return _plain(float(text))  # as JavaScript has them all


def _whole(name, text, at_most):
    if not re.fullmatch("[0-9]+", text.strip()):
        raise ValueError(f"{name} = {text!r}: must be a whole number or a name of the lab")
    check_integer(name, int(text), at_least=0, at_most=at_most)
    return int(text)


def _check_field(name, rule, value, settings):
    most = min(rule["most"], settings["n_bits"]) if name == "k_relevant" else rule["most"]
    if rule.get("whole"):
        check_integer(name, value, at_least=rule["least"], at_most=most)
    else:
        bounds = {"above": rule.get("above"), "at_least": rule.get("least")}
        check_number(name, value, **bounds, at_most=most)


def _check_change(settings, change="", at="memorization", set="sparse", to=""):
    others = RULES["setting_changes"] | RULES["weight_changes"]
    check_choice("change", change, (*RULES["neuron_changes"], *others))
    epoch = at if at in RULES["events"] else _whole("at", at, settings["epochs"] - 1)
    if change in RULES["at_start_alone"] and epoch not in ("start", 0):
        raise ValueError(f"at = {at!r}: the {change} can only be another at the start")
    if change in others:
        rule = (RULES["fields"] | RULES["shares"])[change]
        _check_field(change, rule, _number("to", to), settings)
    elif set not in RULES["sets"]:
        neurons = [neuron for neuron in re.split(r"[\s,]+", set) if neuron]
        if not neurons:
            raise ValueError("set = '': must name neurons")
        for neuron in neurons:
            _whole("set", neuron, settings["width"] - 1)

"""Claims of which no run has been made, from `to_come.toml`: not yet in the registry.

Their parts and bounds are frozen; what decides them is in `decides`, and the tables in `tables`,
named in `experiments.make.TO_COME`.
"""

import tomllib
from pathlib import Path

from experiments.registry import Claim, Criterion, Part


def _read():
    path = Path(__file__).with_name("to_come.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))["claim"]


def _claim(of):
    criteria = {c["quantity"]: Criterion(**c) for c in of["criteria"]}
    parts = tuple(
        Part(**part | {"criteria": tuple(criteria[name] for name in part["criteria"])})
        for part in of["part"]
    )
    said = {key: value for key, value in of.items() if key not in ("part", "of")}
    return Claim(**said | {"criteria": tuple(criteria.values()), "parts": parts})


CLAIMS = {of["id"]: _claim(of) for of in _read()}
TABLES = {of["id"]: tuple(of["of"]) for of in _read()}  # that decide each, in order

"""What is swept: functions of a package of its own, and calls of them."""

MEASURE = """
import os, time
import numpy
from pathlib import Path
from rooms import low
def called(x):
    with open(os.environ["CALLS"], "a", encoding="utf-8") as calls:
        print(x, file=calls, flush=True)
def double(x):
    called(x)
    return {"twice": low.FACTOR * x, "third": x / 3, "name": f"run {x}", "never": float("nan")}
def fails_on_two(x):
    if x == 2:
        raise ArithmeticError("x is two")
    return double(x)
def waits(x):
    while x == 0 and len(Path(os.environ["CALLS"]).read_text().split()) < 2:
        time.sleep(0.01)
    return double(x)
def pair(rate, kind):
    called(kind)
    return {"rates": 2 * rate}
def steps(x):
    called(x)
    return [{"step": step, "root": (x + 1) ** step} for step in (0.0, 0.5, 0.25)]
def echo(x):
    called("echo")
    return {"y": x}
def turns(x):
    return {"y": x if x < 2 else "two"}
def edits(x):
    Path(low.__file__).write_text("FACTOR = 3\\n")
    return {"twice": low.FACTOR * x}
def held(x):
    called(x)
    while not Path(os.environ["CALLS"] + ".go").exists():
        time.sleep(0.01)
    return {"y": x}
"""


def xs(*values):
    return [{"x": x} for x in values]

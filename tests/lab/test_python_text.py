"""The Python that the lab gives away makes the run that the lab made, bit by bit."""

import contextlib
import io

import pytest

SMALL = {"n_bits": 12, "k_relevant": 2, "n_train": 150, "n_test": 60, "width": 60, "epochs": 60}
CASES = [
    ({}, None),
    ({"label_noise": 0.05, "initial_scale": 2}, None),
    ({"seed": 2**40}, {"kind": "clamp", "set": "sparse", "at": "memorization"}),
    ({}, {"kind": "freeze", "set": "matched", "at": 0}),
    ({"label_noise": 0.01}, {"kind": "remove", "set": "random", "at": 25}),
    ({"initial_scale": 0.5}, {"kind": "enlarge", "set": [3, 17, 20], "at": 10}),
    ({}, {"kind": "alone", "set": "sparse", "at": "generalization"}),
    ({"label_noise": 0.1}, {"kind": "alone", "set": [1, 2, 3, 4, 5], "at": 30}),
    ({}, {"kind": "mask", "at": 0, "to": 0.1}),
    ({"seed": 3}, {"kind": "mask", "at": "memorization", "to": 0.3}),
    ({}, {"kind": "weight_decay", "at": 30, "to": 0}),
    ({}, {"kind": "n_train", "at": "generalization", "to": 90}),
    ({}, {"kind": "label_noise", "at": 12, "to": 0.2}),
    ({}, {"kind": "initial_scale", "at": 0, "to": 4}),
    ({}, {"kind": "lr", "at": 0, "to": 0.05}),
]
RUN = """const [settings, change] = given, first = new Experiment(settings), runs = [first];
if (change) runs.push(new Experiment(settings, change));
for (const course of runs) {
  if (needsWinners(course.change)) course.give(first.winnersFor(course.change));
  while (course.run.epoch < settings.epochs) course.step();
}
tell(runs.map((course) => course.digest()));"""


@pytest.mark.parametrize(("settings", "change"), CASES)
def test_the_python_makes_the_same_weights(node, settings, change):
    given = node("shared/given", "tell({ ...PAPER, ...given });", SMALL | {"seed": 5} | settings)
    text = node("page/python_text", "tell(pythonOf(...given));", [given, change])
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(text, {})
    digests = [line.split(": ")[1] for line in told.getvalue().splitlines()]
    assert digests == node("worker/experiment shared/change", RUN, [given, change])
    assert len(set(digests)) == (2 if change else 1)

"""The stored surveys: the rows on disk are what this code computes."""

import json
import runpy
import sys

import numpy as np
import pandas as pd
import pytest

from grokutils import surveys
from grokutils.runs import alone
from grokutils.surveys import DATA, SURVEYS, sizes
from grokutils.sweep import origin, read

TABLE = DATA / "sizes.csv"


def test_two_rows_of_the_sizes_computed_anew_are_those_on_disk():
    table = read(TABLE)
    for seed in np.random.default_rng(len(table)).choice(table["seed"], 2, replace=False):
        (stored,) = table[table["seed"] == seed].to_dict("records")
        computed = {"seed": seed} | alone(sizes, seed=int(seed))
        assert list(computed) == list(stored)
        for name, value in computed.items():
            if isinstance(value, float):  # NaN equals NaN here
                np.testing.assert_allclose(stored[name], value, rtol=0, atol=1e-12, err_msg=name)
            else:
                assert stored[name] == value, name


def test_the_sizes_are_those_of_500_seeds():
    assert sorted(read(TABLE)["seed"]) == list(range(500))


def test_the_sizes_say_what_made_them_and_are_readable_without_our_code():
    made = origin(TABLE)
    assert made["command"] == "python -m grokutils.surveys sizes"
    assert set(json.loads(made["versions"])) == {"python", "torch", "numpy"}
    assert {"date", "code"} < set(made)
    pd.testing.assert_frame_equal(pd.read_csv(TABLE, comment="#"), read(TABLE))


def test_the_columns_of_the_sizes_agree_with_each_other():
    table = read(TABLE)
    assert (table["effective_sparsity"] == table["effective_sparsity_300"]).all()
    for suffix, epoch in (("", 300), ("_600", 600)):
        fires = table[f"firing{suffix}"].str.split()
        assert (fires.str.len() == table[f"effective_sparsity_{epoch}"]).all()
        masks = fires.apply(lambda row: [int(neuron[:-1], 16) for neuron in row])
        single = masks.apply(lambda row: all(mask.bit_count() == 1 for mask in row))
        covered = masks.apply(lambda row: np.bitwise_or.reduce(row) == 0xFF)
        assert ((single & covered) == table[f"dnf{suffix}"]).all()
        assert table[f"patterns_right{suffix}"].between(0, 8).all()


def test_the_command_sweeps_functions_that_know_the_rooms_they_stand_on(monkeypatch):
    swept = []

    def record(measure, calls, path, *, command):
        swept.append((measure.__module__, len(calls), path, command))

    monkeypatch.setattr("grokutils.sweep.sweep", record)
    monkeypatch.setattr(surveys, "sweep", record)
    monkeypatch.setattr(sys, "argv", ["surveys", "sizes"])
    monkeypatch.delitem(sys.modules, "grokutils.surveys")  # as in a process that begins with it
    runpy.run_module("grokutils.surveys", run_name="__main__", alter_sys=True)
    assert swept == [("grokutils.surveys", 500, TABLE, "python -m grokutils.surveys sizes")]


@pytest.mark.parametrize("arguments", [[], ["sines"], ["sizes", "again"]])
def test_the_command_names_the_surveys_there_are(monkeypatch, arguments):
    monkeypatch.setattr(sys, "argv", ["surveys", *arguments])
    monkeypatch.delitem(sys.modules, "grokutils.surveys")
    with pytest.raises(SystemExit, match=r"usage: .* \{sizes\}"):
        runpy.run_module("grokutils.surveys", run_name="__main__", alter_sys=True)


def test_every_survey_has_calls_of_its_own_arguments():
    for measure, calls in SURVEYS.values():
        assert len({tuple(call.items()) for call in calls}) == len(calls) > 0
        assert set(calls[0]) <= set(measure.__code__.co_varnames[: measure.__code__.co_argcount])

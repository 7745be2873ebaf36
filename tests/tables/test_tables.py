"""The stored surveys: the rows on disk are what this code computes."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from grokutils.store.cache import alone
from grokutils.store.fingerprint import fingerprint
from grokutils.store.table import origin, read
from grokutils.tables import DATA, SURVEYS


@pytest.fixture(scope="module", params=SURVEYS)
def survey(request):
    measure, calls = SURVEYS[request.param]
    return request.param, measure, calls, read(DATA / f"{request.param}.csv")


def test_random_rows_computed_anew_are_those_on_disk(survey):
    name, measure, calls, table = survey
    columns = list(calls[0])
    if name == "delays":  # runs of a minute are left to whoever makes the table anew
        steps = table["last_epoch"] * np.ceil(table["n_train"] / table["batch_size"])
        table = table[(steps < 20_000) & (table["width"] <= 1000)]
    for row in np.random.default_rng(len(table)).choice(
        len(table), 1 + (name != "pictures"), False
    ):
        (stored,) = table.iloc[[row]].to_dict("records")
        call = {column: stored[column] for column in columns}
        computed = call | alone(measure, **call)
        assert list(computed) == list(stored)
        for column, value in computed.items():
            if isinstance(value, float):  # NaN equals NaN here
                np.testing.assert_allclose(stored[column], value, rtol=0, atol=1e-12)
            else:
                assert stored[column] == value, column


def test_a_table_holds_the_runs_of_its_survey_each_once(survey):
    _, _, calls, table = survey
    wanted = pd.DataFrame(calls)
    assert len(wanted) == len(table) == len(table.merge(wanted)) > 0
    assert not table.duplicated(list(calls[0])).any()


def test_a_table_says_what_made_it_and_is_readable_without_our_code(survey):
    name, measure, _, table = survey
    made = origin(DATA / f"{name}.csv")
    assert made["command"] == f"python -m grokutils.tables {name}"
    assert set(json.loads(made["versions"])) == {"python", "torch", "numpy"}
    assert json.loads(made["configuration"])["width"] == 1000
    # The code is today's, or the sweep would refuse to go on.
    assert made["code"] == fingerprint(measure.__module__)
    pd.testing.assert_frame_equal(pd.read_csv(DATA / f"{name}.csv", comment="#"), table)


def test_the_columns_of_the_sizes_agree_with_each_other():
    table = read(DATA / "sizes.csv")
    assert (table["effective_sparsity"] == table["effective_sparsity_300"]).all()
    for suffix, epoch in (("", 300), ("_450", 450)):
        fires = table[f"firing{suffix}"].str.split()
        assert (fires.str.len() == table[f"effective_sparsity_{epoch}"]).all()
        masks = fires.apply(lambda row: [int(neuron[:-1], 16) for neuron in row])
        single = masks.apply(lambda row: all(mask.bit_count() == 1 for mask in row))
        covered = masks.apply(lambda row: np.bitwise_or.reduce(row) == 0xFF)
        assert ((single & covered) == table[f"dnf{suffix}"]).all()
        assert table[f"patterns_right{suffix}"].between(0, 8).all()


def test_the_rows_of_the_races_agree_with_themselves():
    for name in ("delays", "interventions", "switches"):
        table = read(DATA / f"{name}.csv")
        happened = table["generalization_epoch"].notna()
        assert (table["generalization_epoch"] <= table["last_epoch"])[happened].all()
        # A race ends early only for a network that has generalized.
        horizon = table.get("horizon")
        if horizon is not None:
            assert happened[table["last_epoch"] < horizon].all()


@pytest.mark.parametrize("arguments", [[], ["sines"], ["sizes", "again"]])
def test_the_command_names_the_surveys_there_are(arguments):
    command = [sys.executable, "-m", "grokutils.tables", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "usage: python -m grokutils.tables {sizes,pictures,delays" in ended.stderr


def test_every_survey_has_calls_of_its_own_arguments():
    for name, (measure, calls) in SURVEYS.items():
        assert len({tuple(call.items()) for call in calls}) == len(calls) > 0
        if name != "delays":  # which takes any field of a configuration
            names = measure.__code__.co_varnames[: measure.__code__.co_argcount]
            assert set(calls[0]) <= set(names)

"""Margins are of the scale that is asked for, and what a start tells is of what is raced."""

import numpy as np
import pytest
from tiny import SEED

from experiments.methods.told import bits_told


def test_a_scale_of_one_at_the_norm_itself_is_the_table_of_held_norms(table):
    fields = {"loss": "hinge", "steps": 60, "seed": SEED}
    theirs = table("held").measure(held=1.0, **fields)
    ours = table("margins").measure(held=1.0, output_scale=1.0, lr=0.1, **fields)
    np.testing.assert_equal(ours, {name: theirs[name] for name in ours})
    assert set(theirs) - set(ours) == {name for name in theirs if name.startswith(("squ", "dir"))}
    other = table("margins").measure(held=1.0, output_scale=0.25, lr=0.1, **fields)
    assert other["held_norm"] == ours["held_norm"]
    assert other != ours


def test_each_margin_is_in_the_grid_once_and_clocks_agree_where_they_should(table):
    calls = table("margins").calls()
    settings = {tuple(call.items())[:-1] for call in calls}
    assert len(calls) == 20 * len(settings) == 20 * 29
    clocked = [c for c in calls if c["seed"] == 4000 and c["lr"] != 0.1]
    clock = [c["output_scale"] / c["held"] ** 2 * c["lr"] for c in clocked]
    np.testing.assert_allclose(clock, 0.1)


def test_a_start_tells_by_the_weights_that_its_mask_keeps_and_is_raced_as_a_ticket(table):
    told, tickets = table("told"), table("tickets")
    found = told.measure(start="columns", at="end", share=0.1, steps=60, seed=SEED)
    raced = tickets.measure("columns", "end", 0.1, 0.01, 60, SEED)
    assert found["weights"] == raced["kept"] == 48
    np.testing.assert_equal({c: found[c] for c in told.EVENTS}, {c: raced[c] for c in told.EVENTS})
    dense = told.measure(start="dense", at="end", share=1.0, steps=3, seed=SEED)
    assert abs(dense["bits_told"]) < 0.5 < found["bits_told"] + 1
    kept = tickets.mask_of("columns", "end", 0.1, SEED)
    assert found["bits_told"] == pytest.approx(bits_told(kept * 1.0, 2), abs=1)

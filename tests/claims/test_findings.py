"""Words of findings that no number in them counts, counted on the stored tables of both draws."""

import numpy as np
import pytest

from experiments import stored
from experiments.decides import s04_concealment, s14_illusions
from experiments.decides.event_times import timed

every_draw = pytest.mark.parametrize("draw", ["first", "second"])


@every_draw
def test_c10_most_networks_have_too_few_neurons_and_most_others_work_otherwise(draw):
    table = stored.table("sizes", draw)
    few = table["effective_sparsity"] < 8  # as many as sign patterns
    assert few.mean() > 0.5
    assert table["dnf"][few].sum() == 0
    assert table["dnf"][~few].mean() < 0.5


@every_draw
def test_s4_over_the_largest_numbers_of_bits_an_exponential_errs_less(draw):
    ratio = s04_concealment.ratio_by_range(stored.table("concealment", draw))
    assert ratio.iloc[-1] < 1 < ratio.iloc[0]


@every_draw
def test_s14_chosen_inputs_mislead_at_generalization_and_in_some_runs_at_the_end(draw):
    chosen = s14_illusions.gaps(stored.table("illusions", draw))["chosen"] > 0
    assert chosen["generalization"].all()
    assert chosen["end"].any()
    assert not chosen["end"].all()


def test_s3_with_another_scale_of_the_output_another_norm_generalizes():
    runs = timed(stored.table("margins", "fresh").query("loss == 'hinge' and lr == 0.1"))
    there = runs[np.isclose(runs["held"], 0.5) & np.isclose(runs["output_scale"], 2)]
    assert len(there) == 20
    assert there["generalized"].mean() > 0.5

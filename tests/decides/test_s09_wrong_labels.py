"""S9 on a made table: what is fitted and what generalizes, in the setting that is asked for."""

import numpy as np
import pytest
from made import SEEDS, around, assert_planted, assert_read, race, table

from experiments.decides.s09_wrong_labels import ENOUGH, most_coexistence, s9, that_lose
from experiments.measured import Measured, Reading

# By noise, examples and weight decay: fresh accuracy, share of wrong labels fitted, two gaps.
BEST, DECAYED = (0.2, 1000, 0.0), (0.1, 2000, 0.01)
ENDS = {
    BEST: (0.8, 0.7, 0.5, 0.2),
    DECAYED: (0.6, 0.08, 0.05, 0.3),
    (0.1, 2000, 0.0): (0.5, 0.9, 0.9, 0.9),  # more is fitted, less generalizes
    (0.2, 1000, 0.01): (0.9, 0.6, 0.9, 0.9),
    (0.0, 1000, 0.0): (1.0, 1.0, 0.9, 0.9),  # without wrong labels
}
# Of ten runs that lose what they had fitted, seven do after generalizing; one never generalizes.
LOST = [300.0] * 6 + [300.0, 100.0, 90.0, 300.0] + [np.nan] * 10
GENERALIZED = [100.0] * 6 + [299.0, 100.0, 100.0, np.nan] + [100.0] * 10


def noise():
    calls = [
        dict(zip(("label_noise", "n_train", "weight_decay"), setting, strict=True)) | {"seed": seed}
        for setting in ENDS
        for seed in SEEDS["seed"]
    ]

    def row(label_noise, n_train, weight_decay, seed):
        setting, place = (label_noise, n_train, weight_decay), seed - 1000
        fresh, fitted, by_norm, at_random = (around(v, seed, late=1.2) for v in ENDS[setting])
        lost = LOST[place] if setting == DECAYED else 1e3
        ends = {"fresh_accuracy": fresh, "wrong_fitted": fitted, "wrong_lost_epoch": lost}
        return race(30.0, GENERALIZED[place], **ends, gap_by_norm=by_norm, gap_at_random=at_random)

    return table(calls, row)


def test_coexistence_is_of_the_best_setting_and_what_decay_undoes_of_the_one_asked_for():
    assert_planted(
        "S9",
        s9(noise()),
        coexistence=Measured(0.7, 20),
        coexistence_without_decay=0.7,
        corrupted_left=Measured(0.08, 20),
        test_accuracy_then=Measured(0.6, 20),
        share_in_two_stages=Measured(7 / 10, 10, Reading.FEW),
        undone_by_pruning=0.5,
        undone_over_random=0.3,
    )


def test_coexistence_is_the_lesser_of_two_in_each_run_before_the_median():
    rows = noise()
    half = rows["seed"] % 2 == 0  # of which each run does one of the two, and none both
    rows["fresh_accuracy"] = np.where(half, 1.0, 0.2)
    rows["wrong_fitted"] = np.where(half, 0.2, 1.0)
    assert (most_coexistence(rows) == 0.2).all()


def test_the_number_of_runs_that_decide_the_stages_is_of_the_setting_asked_for():
    assert len(that_lose(noise())) == 10


def test_without_decay_the_setting_is_chosen_on_other_runs_and_measured_on_these():
    first, rows = noise(), noise()
    for table_ in (first, rows):
        table_["wrong_fitted"] = 1.0
        table_["fresh_accuracy"] = np.where(table_["weight_decay"] > 0, 0.95, 0.3)
        table_.loc[table_["label_noise"] == 0, "fresh_accuracy"] = 1.0  # nothing is wrong there
    chosen, other = (
        lambda t, noise=noise: (t["label_noise"] == noise) & (t["weight_decay"] == 0)
        for noise in (0.1, 0.2)
    )
    first.loc[chosen(first), "fresh_accuracy"] = 0.9
    rows.loc[chosen(rows), "fresh_accuracy"] = 0.6
    rows.loc[other(rows), "fresh_accuracy"] = 0.99
    found = s9(rows, chosen_on=(first,))
    assert found["coexistence_without_decay"] == pytest.approx(0.6)
    assert found["coexistence"] == pytest.approx(0.95)  # of a setting with decay
    assert s9(rows)["coexistence"] == s9(rows)["coexistence_without_decay"] == pytest.approx(0.99)


@pytest.mark.parametrize(("lose", "reading"), [(ENOUGH, Reading.NUMBER), (19, Reading.FEW)])
def test_the_stages_are_judged_if_enough_runs_lose_what_they_had_fitted(lose, reading):
    rows = noise()
    decayed = (rows["label_noise"] == 0.1) & (rows["weight_decay"] > 0)
    rows.loc[decayed, "wrong_lost_epoch"] = np.where(np.arange(20) < lose, 300.0, np.nan)
    rows.loc[decayed, "generalization_epoch"] = np.where(np.arange(20) < 5, 400.0, 100.0)
    planted = Measured((lose - 5) / lose, lose, reading)
    assert_read(s9(rows)["share_in_two_stages"], planted)
    assert ENOUGH == 20

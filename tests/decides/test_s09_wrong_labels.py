"""S9 on a made table: what is fitted and what generalizes, in the setting that is asked for."""

import numpy as np
from made import SEEDS, around, assert_planted, race, table

from experiments.decides.s09_wrong_labels import most_coexistence, s9

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
        coexistence=0.7,
        corrupted_left=0.08,
        test_accuracy_then=0.6,
        share_in_two_stages=7 / 10,
        undone_by_pruning=0.5,
        undone_over_random=0.3,
    )


def test_coexistence_is_the_lesser_of_two_in_each_run_before_the_median():
    rows = noise()
    half = rows["seed"] % 2 == 0  # of which each run does one of the two, and none both
    rows["fresh_accuracy"] = np.where(half, 1.0, 0.2)
    rows["wrong_fitted"] = np.where(half, 0.2, 1.0)
    assert (most_coexistence(rows) == 0.2).all()

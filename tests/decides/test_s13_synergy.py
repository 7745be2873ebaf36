"""S13 on made tables: peaks after memorization, what is early, and what it foretells."""

import numpy as np
import pandas as pd
import pytest
from made import assert_planted

from experiments.decides.s13_synergy import foretellers, s13, told_apart

EPOCHS = (0, 30, 50, 60, 100, 200)
# With 1,000 examples: early synergy of ten and five groups, norm ratio, generalization, the peak
# and its epoch. Every other run is fitted.
TRUE = [
    (1.0, 1.0, 5.0, 150.0, 2.0, 100),
    (2.0, 3.0, 2.0, 130.0, 2.2, 100),
    (3.0, 2.0, 4.0, 110.0, 2.4, 100),
    (4.0, 4.0, 3.0, 100.0, 2.6, 100),  # the peak at generalization is not after it
    (5.0, 5.0, 1.0, 70.0, 9.0, 100),  # after it
    (6.0, 6.0, 6.0, 60.0, 9.0, 60),
    (2.0, 7.0, 9.0, np.nan, 1.0, 60),  # never: what it foretold is not asked
]
NEAR = [(0.3, 90.0), (0.2, 95.0), (0.2, np.nan), (0.1, np.nan), (0.3, np.nan)]


def rows_of(setting, seed, early, five, ratio, generalized, peak, at):
    for epoch in EPOCHS:
        # Memorized at 30: what is early ends at 50, and a peak before memorization is none.
        late = 50.0 if epoch == 0 and peak > 1 else 0.1
        known = {0: early / 2, 30: early, 50: 0.01}.get(epoch, late)
        known = peak if epoch == at else known
        yield {
            **dict(zip(("n_train", "label_noise"), setting, strict=True)),
            **{"seed": seed, "epoch": epoch, "synergy": known},
            "synergy_of_five": five if epoch == 50 else five / 2 if epoch < 50 else 99.0,
            "norm_ratio": ratio if epoch == 50 else 0.0,
            **{"relevant_share": epoch / 1000, "test_loss": float(epoch)},
            **{"memorization_epoch": 30.0, "generalization_epoch": generalized},
        }


def synergy():
    rows = [row for seed, run in enumerate(TRUE) for row in rows_of((1000, 0.0), seed, *run)]
    for seed, (early, generalized) in enumerate(NEAR):
        rows += rows_of((600, 0.0), seed, early, 1.0, 1.0, generalized, 0.9, 60)
    for setting, peaks in (((1000, 0.5), [0.5, 0.7, 0.9, 5.0]), ((300, 0.0), [0.4, 0.5, 0.5, 5.0])):
        for seed, peak in enumerate(peaks):
            rows += rows_of(setting, seed, 0.1, 0.1, 1.0, np.nan, peak, 100)
    return pd.DataFrame(rows).sample(frac=1, random_state=0)


def explained(x, y):
    """R² on every second run of the line through the others."""
    slope, intercept = np.polyfit(x[::2], y[::2], 1)
    left = np.array(y[1::2])
    error = np.sum((slope * np.array(x[1::2]) + intercept - left) ** 2)
    return 1 - error / np.sum((left - np.mean(y[::2])) ** 2)


def test_each_quantity_is_of_its_runs_and_of_what_was_early():
    by, _, ratio, generalized, *_ = (list(column) for column in zip(*TRUE[:-1], strict=True))
    by_synergy = explained(by, generalized)
    assert_planted(
        "S13",
        s13(synergy()),
        share_peak_before=5 / 6,
        peak_over_random_labels=2.4 / 0.8,
        peak_over_few_examples=2.4 / 0.5,
        explained_by_early_synergy=by_synergy,
        explained_beyond_norm=by_synergy - explained(ratio, generalized),
        told_apart=4 / 6,  # of six pairs three, and two ties
        agreement_of_five_groups=pd.Series([1.0, 2, 3, 4, 5, 6, 2])
        .rank()
        .corr(pd.Series([1.0, 3, 2, 4, 5, 6, 7]).rank()),
    )


def test_what_is_known_early_is_that_of_twenty_epochs_after_memorization():
    found = foretellers(synergy()).loc[1000, 0.0]
    assert (found["relevant_share"] == 0.05).all()
    assert (found["test_loss"] == 50).all()
    assert found["peak_epoch"].tolist() == [run[-1] for run in TRUE]
    unmemorized = foretellers(synergy().assign(memorization_epoch=np.nan))
    assert unmemorized[["synergy", "norm_ratio", "peak"]].isna().all(axis=None)


def test_pairs_are_told_apart_in_one_direction_only():
    runs = pd.DataFrame({"x": [1.0, 2, 3, 4], "generalization_epoch": [np.nan, np.nan, 9, 9]})
    assert told_apart(runs, "x") == 1
    assert told_apart(runs.assign(x=-runs["x"]), "x") == 0
    assert told_apart(runs.assign(x=1.0), "x") == 0.5
    assert told_apart(runs.assign(x=[1.0, np.nan, 0.5, 4]), "x") == 0.5  # of two pairs one
    assert np.isnan(told_apart(runs.iloc[2:], "x"))
    assert np.isnan(told_apart(runs.iloc[:2], "x"))


def test_an_r_squared_needs_no_run_that_never_generalizes():
    found = s13(synergy())["explained_by_early_synergy"]
    assert found == pytest.approx(explained([r[0] for r in TRUE[:6]], [r[3] for r in TRUE[:6]]))

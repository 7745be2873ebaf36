"""S12 on made tables: when the rank has half fallen, and the ends beside their controls."""

import numpy as np
import pandas as pd
import pytest
from made import assert_planted, assert_read

from experiments.decides.s12_ranks import (
    distance,
    onsets,
    s12,
    s12_settled,
    settles,
    when_done,
    when_half_done,
)
from experiments.measured import Measured, Reading

EPOCHS = range(0, 101, 10)
# Of six seeds: when the rank falls, the first epoch right for good, generalization, last rank.
TRUE = {
    1: (40, 50, 60.0, 1.0),
    2: (40, 60, 70.0, 1.2),
    3: (80, 60, 90.0, 1.6),
    4: (80, 50, 80.0, 2.0),
    5: (60, 60, np.nan, 2.0),  # which never generalizes: its distance is not known, so infinite
    6: (60, 50, np.nan, 4.6),
}
LAST = {"random labels": [2.8, 3.2, 3.2, 3.4], "without decay": [2.2, 2.4, 2.4, 9.0]}


def ranks():
    rows = []
    for seed, (falls, right, generalized, last) in TRUE.items():
        for epoch in EPOCHS:
            # Before memorization at 20 the rank is larger yet, and the accuracy right by chance.
            rank = 9.0 if epoch < 20 else 4.0 if epoch < falls else last
            accuracy = 0.9 if epoch < 20 or epoch >= right else 0.75
            end = {"energy_of_three": 0.9 + seed / 100, "overlap_of_three": 0.8 + seed / 100}
            end |= {"accuracy_of_upper_half": 0.7 + seed / 100}
            end |= {"accuracy_of_lower_half": 0.5 + seed / 100}
            end = {name: value if epoch == 100 else 0.0 for name, value in end.items()}
            rows.append(
                {"kind": "true", "seed": seed, "epoch": epoch, "effective_rank": rank, **end}
                | {"accuracy": accuracy, "accuracy_of_3": 0.76 if epoch >= 30 else 0.5}
                | {"squared_norm": np.exp(-epoch / 10), "memorization_epoch": 20.0}
                | {"generalization_epoch": generalized}
            )
    for kind, ends in LAST.items():
        for seed, last in enumerate(ends):
            rows += [
                {"kind": kind, "seed": seed, "epoch": epoch, "effective_rank": rank}
                | {"memorization_epoch": 20.0, "accuracy": 0.5}
                for epoch, rank in ((0, 9.0), (100, last))
            ]
    return pd.DataFrame(rows).sample(frac=1, random_state=0)


def test_each_quantity_is_of_its_kind_its_event_and_its_end():
    assert_planted(
        "S12",
        s12(ranks(), settled()),
        rank_left=1.8 / 4,
        distance_over_delay=(70 / 200 + 30 / 100) / 2,  # of the settled runs, as below
        onset_over_delay=(10 / 100 + 20 / 100) / 2,
        energy_of_three=0.935,
        overlap_of_three=0.835,
        random_labels_over_true=3.2 / 1.8,
        without_decay_over_with=2.4 / 1.8,
        accuracy_of_upper_half=0.735,
        accuracy_of_lower_half=0.535,
    )


def test_onsets_are_from_when_on_something_stays():
    when = onsets(ranks())
    assert when["rank"].tolist() == [40, 40, 80, 80, 60, 60]
    assert when["accuracy"].tolist() == [50, 60, 60, 50, 60, 50]  # above 0.75, not at it
    assert (when["top three"] == 30).all()
    assert (when["norm"] == 60).all()  # of the logarithm, between 20 and 100
    assert when["delay"].tolist()[:4] == [40, 50, 70, 60]


def test_half_is_done_from_the_last_time_that_it_was_not():
    restless = pd.DataFrame({"epoch": [0, 5, 10, 15], "x": [0.0, 1.0, 0.2, 1.0]})
    assert when_half_done(restless.assign(memorization_epoch=0.0), "x") == 15
    assert when_half_done(restless.assign(memorization_epoch=0.0, x=[0, 0.4, 0.5, 1]), "x") == 10
    late = restless.assign(memorization_epoch=10.0, x=[9.0, 9.0, 0.0, 1.0])
    assert when_half_done(late, "x") == 15  # what was before memorization does not count
    assert np.isnan(when_half_done(restless.assign(memorization_epoch=np.nan), "x"))
    flat = restless.assign(memorization_epoch=0.0, x=1.0)
    assert when_half_done(flat, "x") == 0


@pytest.mark.parametrize(("accuracy", "epoch"), [([0.9, 0.9], 0), ([0.9, 0.7], np.inf)])
def test_what_ends_unmet_never_stays(accuracy, epoch):
    rows = ranks()
    rows = rows[(rows["kind"] == "true") & rows["epoch"].isin([0, 100])].sort_values("epoch")
    rows["accuracy"] = [accuracy[int(e > 0)] for e in rows["epoch"]]
    assert (onsets(rows)["accuracy"] == epoch).all()


# Of six seeds followed for 400 epochs: when a tenth of the fall is done, and when half, the first
# epoch right for good, generalization. After 240 the rank lies still, but for the very end.
SETTLED = {
    1: (70, 100, 90, 120.0),
    2: (80, 120, 90, 120.0),
    3: (80, 170, 100, 220.0),
    4: (90, 130, 100, 220.0),
    5: (80, 120, 90, np.nan),
    6: (80, 120, 90, np.nan),
}
RANK = {"start": 9.0, "first": 3.0, "tenth": 2.7, "half": 1.5, "last": 1.0}


def settled(drift=0.0):
    rows = []
    for seed, (tenth, half, right, generalized) in SETTLED.items():
        for epoch in range(0, 401, 10):
            rank = RANK["start"] if epoch < 20 else RANK["first"]
            for name, begins in (("tenth", tenth), ("half", half), ("last", 240)):
                rank = RANK[name] if epoch >= begins else rank
            rank *= 1.03 if epoch < 240 and epoch % 20 else 1.0  # restless, but no tenth is done
            rank -= drift * max(0, epoch - 240)
            rows.append(
                {"epochs": 400, "seed": seed, "epoch": epoch, "effective_rank": rank}
                | {"accuracy": 0.9 if epoch < 20 or epoch >= right else 0.75}
                | {"memorization_epoch": 20.0, "generalization_epoch": generalized}
            )
    return pd.DataFrame(rows).sample(frac=1, random_state=0)


def test_distances_of_settled_runs_are_of_what_they_do_until_the_rank_is_still():
    rows = settled()
    assert settles(rows) == 240
    rows.loc[rows["epoch"] > 280, ["effective_rank", "accuracy"]] = 0.0  # what comes after
    assert settles(rows) == 240
    # Over delays of 100, 100, 200, 200 and two that are not known: 10, 30, 70, 30; 20, 10, 20, 10.
    assert s12_settled(rows) == pytest.approx(
        {
            "distance_over_delay": (70 / 200 + 30 / 100) / 2,
            "onset_over_delay": (10 / 100 + 20 / 100) / 2,
        }
    )


def test_a_rank_that_goes_on_falling_is_not_settled_and_not_judged():
    for drift, epoch in ((0.00049, 240), (0.0006, np.inf)):  # 2 % is 0.02 in 40 epochs
        assert settles(settled(drift)) == epoch
    for value in s12_settled(settled(0.0006)).values():
        assert_read(value, Measured(np.nan, reading=Reading.UNSETTLED))
    late = settled()
    late.loc[late["epoch"] > 360, "effective_rank"] = 0.5
    late.loc[late["epoch"] < 360, "effective_rank"] *= 1 + late["epoch"] % 20 / 100
    assert settles(late) == np.inf  # a swing within a tenth is a change


def test_shares_of_a_fall_are_done_one_after_the_other():
    rows = settled()
    one = rows[rows["seed"] == 1]
    assert [when_done(one, "effective_rank", s) for s in (0.1, 0.5, 0.8)] == [70, 100, 240]
    assert distance(one, 0.5) == pytest.approx(0.1)

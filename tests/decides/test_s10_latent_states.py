"""Latent states: found where they were put, and judged on runs that the model has not seen."""

import numpy as np
import pandas as pd
import pytest

from experiments.decides import s10_latent_states
from experiments.decides.s10_latent_states import STATISTICS, as_array, shares, standardized, states
from experiments.registry import CLAIMS

EPOCHS = range(0, 301, 10)
FEW = (2, 3, 4, 5)  # states that are tried


def made(early_tells, detour=False, n_runs=80):
    """Runs that leave a first level at `left` and generalize at `target`.

    If early tells, the level on which a run starts says when it leaves; a detour is a third
    level between the two, which delays.
    """
    rng = np.random.default_rng(0)
    rows = []
    for seed in range(n_runs):
        slow = seed % 4 < 2
        target = 100.0 + 80 * slow + rng.integers(0, 10)
        run = {"seed": seed, "memorization_epoch": 20.0, "generalization_epoch": target}
        run["early_change_of_norm"] = (1.0 if slow else -1.0) if early_tells else rng.normal()
        for epoch in EPOCHS:
            level = 1.0 if epoch < target else 20.0
            if epoch < target and early_tells and slow:
                level = 3.0
            if detour and slow and 60 <= epoch < target:
                level = 8.0
            values = {name: level * np.exp(0.1 * rng.normal()) for name in STATISTICS}
            rows.append(run | {"epoch": epoch} | values)
    return pd.DataFrame(rows)


def test_a_table_becomes_an_array_in_the_order_of_seeds_and_time():
    paths = made(True, n_runs=3)
    values, epochs = as_array(paths.sample(frac=1, random_state=0))
    assert values.shape == (3, len(EPOCHS), len(STATISTICS))
    assert epochs.tolist() == list(EPOCHS)
    (row,) = paths[(paths["seed"] == 2) & (paths["epoch"] == 50)].to_dict("records")
    assert values[2, 5, 1] == row[STATISTICS[1]]


def test_standardizing_looks_at_the_fitted_runs_alone():
    values, _ = as_array(made(True))
    fitted = np.arange(len(values)) < 60
    other = values.copy()
    other[~fitted] *= 7
    changed = standardized(other, fitted)
    assert (standardized(values, fitted)[fitted] == changed[fitted]).all()
    np.testing.assert_allclose(changed[fitted].reshape(-1, len(STATISTICS)).std(axis=0), 1)


def test_the_model_of_the_states_is_fitted_to_the_fitted_runs_alone():
    values, _ = as_array(made(True, n_runs=40))
    fitted = np.arange(40) % 2 == 0
    other = values.copy()
    other[~fitted] = values[~fitted][:, ::-1] ** 3
    found, changed = (states(v, fitted, candidates=(2,))[fitted] for v in (values, other))
    assert (found == changed).all()
    assert (states(values, ~fitted, (2,)) != states(other, ~fitted, (2,))).any()  # or no test


def test_states_are_the_levels_that_were_put_there():
    paths = made(True)
    values, epochs = as_array(paths)
    path = states(values, np.arange(len(values)) % 2 == 0, candidates=(2, 3))
    target = paths.groupby("seed")["generalization_epoch"].first().to_numpy()
    after = epochs >= target[:, None]
    assert len(set(path[after])) == 1
    assert not set(path[after]) & set(path[~after])
    assert (shares(path).sum(axis=1) == 1).all()
    late = shares(path, np.full(len(path), 3))
    assert late[:, path[after][0]].max() == 0  # of the first three checkpoints


def test_what_the_whole_run_explains_the_early_states_need_not():
    told = s10_latent_states.s10b(made(True), FEW)
    assert told["explained_by_whole_run"] > 0.9
    assert told["explained_by_early_states"] > 0.9
    assert told["early_fall_is_fast"] > 0.8
    assert set(told) == {c.quantity for c in CLAIMS["S10b"].criteria}
    assert [value.runs for value in told.values()] == [40, 40, 80, 40]  # half of them judge
    untold = s10_latent_states.s10b(made(False), FEW)
    assert untold["explained_by_whole_run"] > 0.9  # it counts the checkpoints before the event
    assert untold["explained_by_early_states"] < 0.2
    assert abs(untold["early_fall_is_fast"]) < 0.3


def test_a_detour_costs_and_a_state_of_all_runs_is_none():
    assert s10_latent_states.s10b(made(False, detour=True), FEW)["detour_cost"] > 1.5
    visits = np.ones((40, 2), dtype=bool)
    assert np.isnan(s10_latent_states.detour_cost(visits, np.arange(40.0), np.arange(40) % 2 == 0))


def test_the_costliest_optional_state_is_chosen_on_the_fitted_runs_and_judged_on_the_others():
    fitted = np.arange(80) % 2 == 0
    place = np.arange(80) // 2  # of each half, forty runs
    visits = np.zeros((80, 5), dtype=bool)
    visits[:, 0] = True  # of all runs
    visits[:, 1] = place < 1  # of fewer than one in 20
    visits[:, 2] = place < 20
    visits[:, 3] = place % 2 == 0
    visits[:, 4] = (place >= 10) & (place < 30)
    target = np.where(visits[:, 2], 200.0, 100.0)
    target[visits[:, 1]] = 1e6
    target[~fitted] = np.where(visits[~fitted, 2], 150.0, 100.0)
    target[~fitted & (place == 39)] = np.inf  # of the even number that do not visit it
    assert s10_latent_states.detour_cost(visits, target, fitted) == 1.5
    none = visits & fitted[:, None]  # whom none of the others visits
    none[:, 0] = True
    assert np.isnan(s10_latent_states.detour_cost(none, target, fitted))


@pytest.mark.parametrize(("visited", "known"), [(1, False), (2, True), (38, True), (39, False)])
def test_a_state_is_optional_from_one_run_in_twenty_to_nineteen(visited, known):
    fitted, place = np.arange(80) < 40, np.arange(80) % 40
    visits = (place < visited)[:, None]
    cost = s10_latent_states.detour_cost(visits, np.where(visits[:, 0], 3.0, 2.0), fitted)
    assert cost == 1.5 if known else np.isnan(cost)


def test_early_is_up_to_twenty_epochs_after_memorization_and_visits_are_before_generalizing(
    monkeypatch,
):
    """With states that are known, each quantity is that of plain counts."""
    paths = made(True, n_runs=12)
    target = paths.groupby("seed")["generalization_epoch"].first().to_numpy()
    known = np.tile(np.arange(len(EPOCHS)), (12, 1))  # each checkpoint a state of its own
    known[::3, 5] = 4  # and one that a third of the runs do not visit
    monkeypatch.setattr(s10_latent_states, "states", lambda values, fitted, candidates: known)
    seen = {}

    def explained(features, goal, fitted):
        seen.setdefault(features.shape, []).append(features)
        assert (goal == target).all()
        assert fitted.tolist() == [True, False] * 6
        return 0.5

    def detour_cost(visits, goal, fitted):
        seen["visits"] = visits
        return 2.0

    monkeypatch.setattr(s10_latent_states, "explained", explained)
    monkeypatch.setattr(s10_latent_states, "detour_cost", detour_cost)
    found = s10_latent_states.s10b(paths.sample(frac=1, random_state=1))
    assert found["early_fall_is_fast"] > 0.8
    whole, early = seen[12, len(EPOCHS) - 1]
    np.testing.assert_allclose(
        whole.sum(axis=1), 30 / 31
    )  # all checkpoints, the first state left out
    assert (early[:, :4] > 0).all()  # at 10, 20, 30 and 40, which is 20 after memorization
    assert (early[:, 4:] == 0).all()
    assert (seen["visits"].sum(axis=1) == np.ceil(target / 10) - (np.arange(12) % 3 == 0)).all()


def test_what_is_near_the_threshold_is_read_from_the_size_whose_success_is_nearest_a_half():
    share = {500: 0, 550: 20, 600: 60, 650: 90}
    calls = [(n, s) for n in share for s in range(100)]
    rows = [
        (n, s, 30.0, 200.0 if s < share[n] else np.nan, 1 - 0.5 * (s >= share[n]) - s / 1e3)
        for n, s in calls
    ]
    columns = ["n_train", "seed", "memorization_epoch", "generalization_epoch", "fresh_accuracy"]
    near = pd.DataFrame(rows, columns=columns).assign(steps=16_000)
    longer = near.assign(steps=64_000, generalization_epoch=100.0, fresh_accuracy=0.8)
    found = s10_latent_states.s10a(pd.concat([longer, near]))
    assert found["steepest_change"] == pytest.approx(0.4)
    values = near.loc[near["n_train"] == 600, "fresh_accuracy"]
    assert found["share_between"] == values.between(0.65, 0.95).mean()
    g, k, n = values.skew(), values.kurt(), len(values)
    sarle = (g**2 + 1) / (k + 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))
    assert found["bimodality"] == pytest.approx(sarle)


@pytest.mark.parametrize(("middling", "word"), [(0, "holds here"), (0.45, "contradicted here")])
def test_s10a_asks_for_two_modes(middling, word):
    calls = [(n, s) for n in (500, 550, 600, 650) for s in range(100)]
    share = {500: 0, 550: 20, 600: 50, 650: 90}
    rows = []
    for n, seed in calls:
        works = seed < share[n]
        accuracy = 1.0 if works else 0.8 if seed >= 100 - 100 * middling else 0.5 + seed / 1e3
        epoch = 200.0 if works else np.nan
        rows.append((n, seed, 30.0, epoch, accuracy))
    columns = ["n_train", "seed", "memorization_epoch", "generalization_epoch", "fresh_accuracy"]
    near = pd.DataFrame(rows, columns=columns).assign(steps=16_000)
    measured = s10_latent_states.s10a(near)
    assert set(measured) == {c.quantity for c in CLAIMS["S10a"].criteria}
    assert CLAIMS["S10a"].verdict(measured) == word
    assert [value.runs for value in measured.values()] == [100, 100, 100]

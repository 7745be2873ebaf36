"""S11 to S14: tables made to agree with a claim, and tables made to speak against it."""

import numpy as np
import pandas as pd
import pytest
from made import verdict

from experiments.decides import s11_tickets, s12_ranks, s13_synergy, s14_illusions
from experiments.tables import illusions, ranks, synergy, tickets


def tickets_table(**epochs):
    """The runs of the table, generalizing at these epochs; by default as the claim has it."""
    usual = {"dense": 140.0, "ticket": 20.0, "columns": 30.0, "random": 60.0, "fresh": 40.0}
    usual |= {"memorization": 90.0, "free": 25.0} | epochs

    def row(mask, at, share, weight_decay, **_):
        name = at if at == "memorization" else "free" if weight_decay == 0 else mask
        epoch = usual.get(name, np.nan)
        slower = 1 + abs(share - 0.1)  # so that the middle share is judged
        return {"memorization_epoch": 10.0, "generalization_epoch": epoch * slower}

    calls = tickets.calls()
    return pd.DataFrame([call | row(**call) for call in calls])


def test_s11_judges_the_share_whose_ticket_is_first_beside_its_controls():
    table = tickets_table()
    measured = s11_tickets.s11(table)
    assert s11_tickets.best_share(table) == 0.1
    assert measured["delay_left"] == pytest.approx(10 / 130)
    assert measured["over_columns"] == pytest.approx(1.5)
    assert np.isinf(measured["over_shuffled"])  # which never generalizes
    assert verdict("S11", measured) == "holds here"
    told = s11_tickets.s11(tickets_table(columns=18.0))
    assert verdict("S11", told) == "contradicted here"  # the answer alone does as well
    assert s11_tickets.s11(tickets_table(free=np.nan))["share_generalized_without_decay"] == 0


def ranks_table(fall_at=100.0, rank_random=3.5, top_three_at=60.0):
    """Runs whose rank falls around one epoch, and whose accuracy rises around epoch 100."""

    def rows(kind, every, seed):
        for epoch in range(0, 301, every):
            fallen = 1 / (1 + np.exp(-(epoch - fall_at) / 8))
            risen = 1 / (1 + np.exp(-(epoch - 100.0) / 8)) if kind == "true" else 0
            top = 1.0 if kind == "true" and epoch >= top_three_at else 0.5
            yield {
                "kind": kind,
                "seed": seed,
                "epoch": epoch,
                "effective_rank": 3.6 - 2.4 * fallen if kind == "true" else rank_random,
                "energy_of_three": 0.1 + 0.88 * risen,
                "overlap_of_three": 0.08 + 0.9 * risen,
                "squared_norm": 300 * np.exp(-epoch / 60),
                "accuracy": 0.5 + 0.5 * risen,
                **{f"accuracy_of_{n}": top for n in ("1", "3", "10", "upper_half")},
                "accuracy_of_lower_half": 0.5,
                "memorization_epoch": 30.0,
                "generalization_epoch": 130.0 if kind == "true" else np.nan,
            }

    return pd.DataFrame([row for call in ranks.calls() for row in rows(**call)])


def test_s12_asks_how_far_when_and_against_which_controls():
    measured = s12_ranks.s12(ranks_table())
    assert measured["rank_left"] == pytest.approx(1 / 3, abs=0.01)
    assert measured["distance_over_delay"] <= 0.05
    assert verdict("S12", measured) == "holds here"
    late = s12_ranks.s12(ranks_table(fall_at=200.0))
    assert late["distance_over_delay"] == pytest.approx(1, abs=0.06)
    assert verdict("S12", late) == "contradicted here"
    alike = s12_ranks.s12(ranks_table(rank_random=1.2))
    assert alike["random_labels_over_true"] == pytest.approx(1, abs=0.01)


def test_onsets_are_from_when_on_something_stays():
    when = s12_ranks.onsets(ranks_table(fall_at=200.0))
    assert (when["rank"] == 200).all()
    assert (when["accuracy"] == 105).all()  # the first of every fifth epoch above 0.75
    assert (when["top three"] == 60).all()
    restless = pd.DataFrame({"epoch": [0, 5, 10, 15], "x": [0.0, 1.0, 0.2, 1.0]})
    assert s12_ranks.when_half_done(restless.assign(memorization_epoch=0.0), "x") == 15
    assert np.isnan(s12_ranks.when_half_done(restless.assign(memorization_epoch=np.nan), "x"))


def synergy_table(foretells=True, peak=1.0, floor=0.4):
    rng = np.random.default_rng(3)

    def rows(n_train, label_noise, steps, seed):
        luck = rng.random()
        generalizes = label_noise == 0 and n_train >= 600
        epoch_of = 200 - 100 * luck if generalizes else np.nan
        if n_train == 600 and luck < 0.5:
            epoch_of = np.nan
        early = floor + (0.3 * luck if foretells else 0)
        for epoch in synergy.EPOCHS:
            high = generalizes and 80 <= epoch <= 100
            yield {
                **{"n_train": n_train, "label_noise": label_noise, "seed": seed, "epoch": epoch},
                "synergy": peak if high else early,
                "synergy_of_five": early / 2 + 0.001 * rng.random(),
                "norm_ratio": 1 + rng.random(),
                "relevant_share": 0.1,
                "test_loss": 1 + 0.1 * rng.random(),
                "memorization_epoch": 30.0,
                "generalization_epoch": epoch_of,
            }

    return pd.DataFrame([row for call in synergy.calls() for row in rows(**call)])


def test_s13_asks_for_a_peak_that_only_those_have_that_generalize_and_a_forecast():
    measured = s13_synergy.s13(synergy_table())
    assert measured["share_peak_before"] == 1
    assert measured["told_apart"] == 1
    assert measured["explained_by_early_synergy"] == pytest.approx(1, abs=1e-6)
    assert verdict("S13", measured) == "holds here"
    none = s13_synergy.s13(synergy_table(foretells=False))
    assert none["told_apart"] == 0.5
    assert verdict("S13", none) == "contradicted here"
    flat = s13_synergy.s13(synergy_table(peak=0.4))
    assert flat["peak_over_few_examples"] < 1


def test_pairs_are_told_apart_in_one_direction_only():
    runs = pd.DataFrame({"x": [1.0, 2, 3, 4], "generalization_epoch": [np.nan, np.nan, 9, 9]})
    assert s13_synergy.told_apart(runs, "x") == 1
    assert s13_synergy.told_apart(runs.assign(x=-runs["x"]), "x") == 0
    assert np.isnan(s13_synergy.told_apart(runs.iloc[2:], "x"))


def illusions_table(shifted=0.1, fresh=0.01, chosen=0.5):
    gaps = {"train": 0.0, "fresh": fresh, "chosen": chosen} | dict.fromkeys(
        s14_illusions.SHIFTED, shifted
    )
    return pd.DataFrame(
        call | {"inputs": kind, "agrees_sparse": 1 - gap, "agrees_random": 0.5}
        for call in illusions.calls()
        for kind, gap in gaps.items()
    )


def test_s14_asks_for_more_errors_off_the_distribution_than_on_it():
    measured = s14_illusions.s14(illusions_table())
    assert measured["shifted_beyond_fresh"] == pytest.approx(0.09)
    assert measured["random_over_sparse"] == pytest.approx(5)
    assert verdict("S14", measured) == "holds here"
    faithful = s14_illusions.s14(illusions_table(shifted=0.001))
    assert verdict("S14", faithful) == "contradicted here"

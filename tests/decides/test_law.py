"""The law on made tables: what was put in is found: medians, exponents, walls, and no others."""

import numpy as np
import pandas as pd
import pytest

from experiments.decides import l01_line, l03_exponents, l05_dials, l06_why
from experiments.decides.law_line import DIAL_CHANGES, FROZEN, PAPER, predicted
from experiments.decides.law_waits import bounds, exponent, exponent_of, median_delays, miss
from experiments.tables import law_biases, law_costs, law_dials, law_waits

LINE = FROZEN["line"]
QUANTITIES = {claim["id"]: {c["quantity"] for c in claim["criteria"]} for claim in FROZEN["claim"]}
MEMORIZED = 10.0


def spread(seed):
    """A factor of one of 20 seeds, so that the median is between two that are one."""
    place = seed - 4000
    return 0.8 if place < 9 else 1.0 if place < 11 else 1.3


def row(call, ticks, **others):
    """A run that waits so long, by its seed, or is cut at its horizon; in exact epochs' parts."""
    rate = call.get("lr", 0.1) * call.get("weight_decay", 0.01)
    epoch = np.ceil(call["n_train"] / call.get("batch_size", 32)) * rate
    last = call["steps"] * rate / epoch
    done = MEMORIZED + ticks * spread(call["seed"]) / epoch
    ends = {"memorization_epoch": MEMORIZED, "last_epoch": min(done + 1, last)}
    return call | ends | {"generalization_epoch": done if done <= last else np.nan} | others


def table_of(module, delay, others=lambda call: {}):
    return pd.DataFrame([row(call, delay(call), **others(call)) for call in module.calls()])


def law(call):
    """The line for 3 bits, with a wall; for k bits its power of n at fixed N/n, and a slower N."""
    n, examples, k = call["n_bits"], call["n_train"], call.get("k_relevant", 3)
    if k == 3:
        beyond = call["steps"] == 96_000 and examples / n ** LINE["power"] < 1.59
        return np.inf if beyond else predicted(LINE, n, examples)
    power, constant = {2: (0, 30), 4: (2, 1.4), 5: (4, 0.03), 6: (4, 0.03)}[k]
    return constant * n**power * (examples / n) ** -2.0


def shares(call):
    """The sparse neurons' share grows by e^4, whatever n."""
    return {
        "sparse_share_at_memorization": 0.01,
        "sparse_share_at_generalization": 0.01 * np.exp(4),
    }


WAITS = table_of(law_waits, law, shares)


def assert_planted(claim, measured, **planted):
    assert set(measured) == QUANTITIES[claim] == set(planted)
    for quantity, value in planted.items():
        assert measured[quantity] == pytest.approx(value, rel=1e-6, abs=2e-4), quantity


# ---- medians and likelihood


def test_a_median_is_of_all_runs_and_later_where_half_are_not_done():
    rows = WAITS[(WAITS["n_bits"] == 40) & (WAITS["n_train"] == 1000)]
    median = predicted(LINE, 40, 1000)
    assert median_delays(rows)[40, 1000] == pytest.approx(median)
    cut = rows.copy()
    cut.loc[cut["seed"] >= 4011, "generalization_epoch"] = np.nan  # nine of twenty
    assert median_delays(cut)[40, 1000] == pytest.approx(median)
    cut.loc[cut["seed"] >= 4010, "generalization_epoch"] = np.nan  # half
    assert median_delays(cut)[40, 1000] == np.inf


def test_a_run_is_between_bounds_by_what_it_came_to():
    rows = pd.DataFrame(
        {
            "n_train": 320,  # ten steps an epoch, 0.01 ticks
            "memorization_epoch": [10, 10, 10, 10, np.nan, np.nan],
            "generalization_epoch": [110, 11, 10, np.nan, 20, np.nan],
            "last_epoch": [160, 61, 60, 110, 70, 100],
        }
    )
    low, high = bounds(rows)
    np.testing.assert_allclose(np.exp(low), [1, 0.01, 0, 1, 0, 1])
    np.testing.assert_allclose(np.exp(high), [1, 0.01, 0.01, np.inf, 0.01, np.inf])


def noisy(q, horizon=np.inf, width=0.4, times=1):
    """Runs of delays n^q at two N/n, with normal noise, cut at a horizon."""
    rng = np.random.default_rng(1)
    calls = [(n, r * n, seed) for seed in range(20) for n in (16, 24, 36, 54) for r in (20, 30)]
    found = pd.DataFrame(calls, columns=["n_bits", "n_train", "seed"])
    ticks = 0.002 * times * found["n_bits"] ** q * np.exp(width * rng.normal(size=len(found)))
    ticks *= np.where(found["n_train"] == 20 * found["n_bits"], 3, 1)
    epoch = np.ceil(found["n_train"] / 32) / 1000
    done = (ticks <= horizon).to_numpy()
    ends = MEMORIZED + np.where(done, ticks, horizon) / epoch
    return found.assign(
        memorization_epoch=MEMORIZED,
        generalization_epoch=np.where(done, ends, np.nan),
        last_epoch=ends,
    )


@pytest.mark.parametrize("q", [0.0, 2.0, 4.0])
def test_an_exponent_that_was_put_in_is_found_and_in_its_interval(q):
    found = exponent(noisy(q, times=1 if q else 500), n_draws=100)
    assert abs(found["q"] - q) < 0.3
    assert found["low"] < found["q"] < found["high"]
    assert miss(found, found["q"]) == 0
    assert miss(found, found["high"] + 0.5) == pytest.approx(0.5)
    assert miss(found, found["low"] - 0.5) == pytest.approx(0.5)


def test_runs_that_are_not_done_count_as_later_and_are_not_dropped():
    whole, cut = noisy(2.0), noisy(2.0, horizon=3.0)
    assert 0.15 < cut["generalization_epoch"].isna().mean() < 0.5
    kept = cut[cut["generalization_epoch"].notna()]
    of_all, censored, dropped = (exponent(t, n_draws=2)["q"] for t in (whole, cut, kept))
    assert abs(censored - of_all) < 0.15
    assert dropped < of_all - 0.3


def test_the_likelihood_is_the_least_squares_where_all_are_done():
    rows = noisy(2.0, width=0.2)
    rows["generalization_epoch"] += 100 * (rows["n_bits"] / 16)  # all of them epochs late
    y = bounds(rows)[0]
    assert np.isfinite(y).all()
    kinds = pd.get_dummies(rows["n_train"] / rows["n_bits"]).to_numpy(float)
    design = np.column_stack([kinds, np.log(rows["n_bits"])])
    wanted = np.linalg.lstsq(design, y, rcond=None)[0][-1]
    assert exponent(rows, n_draws=2)["q"] == pytest.approx(wanted, abs=1e-4)


def test_a_line_through_medians_has_a_constant_for_each_ratio_and_leaves_out_the_endless():
    places = [(n, r * n) for n in (10, 20, 40) for r in (5, 50)]
    index = pd.MultiIndex.from_tuples(places, names=["n_bits", "n_train"])
    medians = pd.Series([n**1.5 * (7 if 5 * n == N else 1) for n, N in places], index)
    assert exponent_of(medians) == pytest.approx(1.5)
    medians[40, 2000] = np.inf
    medians[10, 50] = 0.0
    assert exponent_of(medians) == pytest.approx(1.5)
    assert np.isnan(exponent_of(medians.iloc[:1]))


# ---- the line and the wall


def test_before_the_runs_what_was_foretold_is_there_and_nothing_has_come():
    none = pd.DataFrame(columns=["n_bits", "n_train", "k_relevant", "steps", "seed"])
    found = l01_line.compared(none)
    assert len(found) == 31
    assert found[["median", "off"]].isna().all(axis=None)
    assert found.loc[(40, 1000), ["foretold", "kind"]].tolist() == [2.925, "old"]
    before, after = l01_line.shares_at_wall(none), l01_line.shares_at_wall(WAITS)
    assert before["share"].isna().all()
    columns = ["n_bits", "n_train", "place"]
    assert before[columns].values.tolist() == after[columns].values.tolist()
    assert l03_exponents.collapsed(none).empty


def test_a_table_on_the_line_is_on_it_and_has_its_variable():
    found = l01_line.l1(WAITS)
    assert set(found) == QUANTITIES["L1"]
    assert [found[f"share_off_{kind}"] for kind in ("line", "new", "old")] == [0, 0, 0]
    assert found["variable_off"] < 1e-4
    assert found["power_over_exponential"] < 1e-3


def test_settings_that_are_off_are_counted_by_kind_to_either_side():
    odd = {(40, 700): 1.6, (160, 6000): 1 / 1.6, (81, 2916): np.inf, (15, 300): 1.45}
    found = l01_line.l1(
        table_of(law_waits, lambda c: law(c) * odd.get((c["n_bits"], c["n_train"]), 1))
    )
    assert found["share_off_line"] == pytest.approx(3 / 31)
    assert found["share_off_new"] == pytest.approx(2 / 23)
    assert found["share_off_old"] == pytest.approx(1 / 8)


@pytest.mark.parametrize(
    ("median", "until", "wanted"),
    [(1.0, 9, False), (2.0, 9, False), (2.1, 9, True), (0.9, 9, True), (np.inf, 9, True)],
)
def test_off_is_beyond_the_band_whichever_way(median, until, wanted):
    assert l01_line.off(median, 1.0, 2.0, until) is wanted


def test_a_median_that_is_later_than_a_short_horizon_is_not_off():
    assert not l01_line.off(np.inf, 1.0, 2.0, until=1.5)


def test_an_exponential_is_told_from_a_power():
    found = l01_line.l1(
        table_of(
            law_waits, lambda c: 0.05 * np.exp(0.04 * c["n_bits"]) * (c["n_train"] / 1000) ** -0.5
        )
    )
    assert found["power_over_exponential"] > 1.25


def test_a_wall_of_the_variable_has_its_exponent():
    # Beyond it none is done, at 1.7 and 1.9 all: the half is between 1.5 and 1.7 at each n.
    found = l01_line.l2(WAITS)
    until = 96 - MEMORIZED * np.ceil(np.array([152, 459, 874]) / 32) / 1000
    foretold = [predicted(LINE, n, N) for n, N in ((20, 152), (40, 459), (60, 874))]
    assert set(found) == QUANTITIES["L2"]
    assert found["share_beyond"] == 0
    assert found["share_within"] == 1
    assert found["wall_exponent_off"] < 0.01
    assert found["times_line"] == pytest.approx((until / foretold).min())


def test_shares_at_the_ends_are_the_worst_of_each_n_and_a_wall_elsewhere_is_unknown():
    found = WAITS.copy()
    wall = found["steps"] == 96_000
    first = wall & (found["n_train"] == 459) & (found["seed"] < 4008)
    last = wall & (found["n_train"] == 1278) & (found["seed"] < 4006)
    found.loc[first, "generalization_epoch"] = 500.0
    found.loc[last, "generalization_epoch"] = np.nan
    measured = l01_line.l2(found)
    assert measured["share_beyond"] == pytest.approx(0.4)
    assert measured["share_within"] == pytest.approx(0.7)
    found.loc[wall & (found["n_bits"] == 20), "generalization_epoch"] = 500.0
    measured = l01_line.l2(found)
    assert np.isnan(measured["wall_exponent_off"])  # from two n no slope is asked
    assert measured["share_beyond"] == 1
    assert measured["times_line"] < 0.1


# ---- exponents


def test_exponents_that_were_put_in_come_out_with_no_width():
    power = LINE["n_bits"] + LINE["n_train"]
    assert_planted(
        "L3",
        l03_exponents.l3(WAITS),
        miss_2=0.0,
        miss_3=2 - power,
        miss_4=0.0,
        off_2=0.0,
        off_3=2 - power,
        off_4=0.0,
        widest=0.0,
        share_off_three=_off_three(),
    )


def _off_three():
    """Of the settings of the grid, how many have made medians more than a factor 2 apart."""
    places = [(n, r * n) for n in (16, 24, 36, 54, 81) for r in (24, 36)]
    factors = [1.4 * n**2 * (N / n) ** -2 / predicted(LINE, n, N) for n, N in places]
    beyond = [1.4 * n**2 * (N / n) ** -2 > 47 for n, N in places]
    return np.mean([abs(np.log(f)) > np.log(2) or b for f, b in zip(factors, beyond, strict=True)])


def test_each_setting_is_once_in_the_collapse_with_what_is_known_of_it():
    waits = WAITS.copy()
    soon = (waits["k_relevant"] == 2) & (waits["n_bits"] == 20)
    waits.loc[soon, "generalization_epoch"] = MEMORIZED
    found = l03_exponents.collapsed(waits).set_index(["k_relevant", "n_bits", "n_train"])
    assert len(found) == 31 + 12 + 12 + 10 + 24
    one = found.loc[(4, 24, 576)]
    assert (one["known"], one["examples_a_bit"]) == ("is", 24)
    assert one["over_power"] == pytest.approx(1.4 / 24**2)
    late, early = found.loc[(3, 20, 152)], found.loc[(2, 20, 100)]
    assert (late["known"], early["known"]) == ("later", "sooner")
    assert late["ticks"] == pytest.approx(96 - MEMORIZED * 0.005)
    assert early["ticks"] == pytest.approx(0.004)
    assert found.loc[(3, 20, 223), "known"] == "is"


def test_five_and_six_are_compared_with_four_with_one_another_and_with_three():
    power = LINE["n_bits"] + LINE["n_train"]
    found = l03_exponents.l4(WAITS)
    assert set(found) == QUANTITIES["L4"]
    assert found["steeper"] == pytest.approx(4 - power, abs=0.1)
    assert max(found[q] for q in ("off_5", "off_6", "apart_56", "miss_56")) < 0.1
    six = WAITS.copy()
    of_six = six["k_relevant"] == 6
    steeper = six["n_bits"] / 12
    for event in ("generalization_epoch", "last_epoch"):
        later = MEMORIZED + (six[event] - MEMORIZED) * steeper
        six[event] = six[event].where(~of_six, later)
    found = l03_exponents.l4(six)
    assert found["apart_56"] == pytest.approx(1, abs=0.1)
    assert found["off_6"] == pytest.approx(1, abs=0.1)
    assert found["miss_56"] == pytest.approx(1, abs=0.1)
    assert found["off_5"] < 0.1


def test_medians_are_apart_by_a_factor_or_if_one_is_endless():
    one = pd.Series([1.0, 1.0, 1.0, np.inf, np.inf])
    other = pd.Series([2.0, 2.1, 0.4, 5.0, np.inf])
    assert l03_exponents.share_apart(one, other, 2.0) == pytest.approx(3 / 5)


# ---- dials


def dial_of(call):
    for name, change in DIAL_CHANGES.items():
        if all(call[d] == (PAPER | change)[d] for d in PAPER if d in call and d[:2] != "n_"):
            return name
    raise AssertionError(call)


def foretold_dial(call):
    place = [call["n_bits"], call["n_train"]]
    return FROZEN["dials"]["foretold"][dial_of(call)][FROZEN["dials"]["settings"].index(place)]


def test_dials_that_change_the_constant_alone_are_as_foretold():
    assert_planted(
        "L5",
        l05_dials.l5(table_of(law_dials, foretold_dial)),
        share_off_dials=0.0,
        worst_shape=1.0,
    )


def test_a_dial_with_another_constant_is_off_and_one_with_another_shape_is_bent():
    def delay(call):
        of = {"batch 8": 2.0, "logistic": 1.4 if call["n_bits"] == 50 else 1.0}
        return foretold_dial(call) * of.get(dial_of(call), 1.0)

    found = l05_dials.l5(table_of(law_dials, delay))
    assert found["share_off_dials"] == pytest.approx(3 / 21)
    assert found["worst_shape"] == pytest.approx(1.4 ** (2 / 3))


def test_a_dial_without_a_median_has_no_shape():
    endless = table_of(
        law_dials, lambda c: np.inf if c["width"] == 300 and c["n_bits"] == 50 else foretold_dial(c)
    )
    found = l05_dials.l5(endless)
    assert found["worst_shape"] == np.inf
    assert found["share_off_dials"] == pytest.approx(1 / 21)


# ---- why


def costs(of_n=0.0):
    """Random labels cost 5 sqrt(N/n) n^c, the sparse circuit 20; a few runs are no such circuit."""

    def others(call):
        odd = call["seed"] < 4004
        if call["label_noise"]:
            cost = 5 * (call["n_train"] / call["n_bits"]) ** 0.5 * call["n_bits"] ** of_n
            return {"squared_norm": 999.0 if odd else cost, "train_accuracy": 0.98 if odd else 1}
        sparse = 22.0 if call["n_bits"] == 60 else 20.0
        return {"squared_norm": 999.0 if odd else sparse, "train_accuracy": 1.0}

    def delay(call):
        return np.inf if call["label_noise"] or call["seed"] < 4004 else 1.0

    return table_of(law_costs, delay, others)


def test_costs_are_of_runs_that_memorized_and_that_generalized():
    dense, sparse = l06_why.costs_of(costs())
    assert dense[20, 160] == pytest.approx(5 * 8**0.5)
    assert sparse.to_dict() == {
        (n, r * n): 22.0 if n == 60 else 20.0 for n in (20, 40, 60) for r in (24, 36)
    }


@pytest.mark.parametrize("of_n", [0.0, 0.2])
def test_what_is_left_for_n_at_a_given_ratio_of_costs(of_n):
    # ln delay = c + a ln N + b ln n, and r = (N/n)^(1/2) n^c: at given r, a (1 - 2c) + b.
    left = LINE["n_train"] * (1 - 2 * of_n) + LINE["n_bits"] - 2
    half = l01_line.wall(WAITS)
    r = (half / half.index) ** 0.5 * half.index**of_n
    assert_planted(
        "L6",
        l06_why.l6(costs(of_n), WAITS),
        n_left=abs(left),
        wall_ratio_spread=r.max() / r.min(),
        dense_n_left=of_n,
        sparse_spread=1.1,
    )


def test_a_wall_that_is_not_between_the_places_has_no_ratio():
    found = WAITS.copy()
    found.loc[(found["steps"] == 96_000) & (found["n_bits"] == 20), "generalization_epoch"] = 500.0
    assert np.isnan(l06_why.l6(costs(), found)["wall_ratio_spread"])


def test_the_rate_carries_the_power_if_the_distance_is_one():
    power = LINE["n_bits"] + LINE["n_train"]
    assert_planted("L7", l06_why.l7(WAITS), rate_exponent_off=2 - power, distance_exponent=0.0)


def test_the_distance_carries_what_was_put_into_it_and_settings_half_done_are_left_out():
    def others(call):
        after = 0.001 * np.exp(call["n_bits"] / 16)  # a distance of n / 16
        return {"sparse_share_at_memorization": 0.001, "sparse_share_at_generalization": after}

    found = table_of(law_waits, law, others)
    power = LINE["n_bits"] + LINE["n_train"]
    measured = l06_why.l7(found)
    assert measured["distance_exponent"] == pytest.approx(1, abs=1e-4)
    assert measured["rate_exponent_off"] == pytest.approx(abs(1 - power + 2), abs=1e-3)
    place = (found["n_bits"] == 81) & (found["n_train"] == 1944)
    found.loc[place & (found["seed"] < 4006), "generalization_epoch"] = np.nan
    assert len(l06_why.growth(found)) == 9
    found.loc[place & (found["seed"] == 4005), "generalization_epoch"] = 900.0  # 15 of 20
    assert len(l06_why.growth(found)) == 10


def held(times=1.0, three=0):
    def delay(call):
        n, k = call["n_bits"], call["k_relevant"]
        if call["biases"] == "zero":
            done = k == 4 or (n == 24 and call["seed"] < 4000 + three)
            return law(call) * (times if n == 24 else 1) if done else np.inf
        return 0.01 * n ** (1.2 if k == 3 else 1.9)

    return table_of(law_biases, delay)


def test_without_biases_the_slower_of_two_settings_counts_and_each_run_of_three_bits():
    assert_planted(
        "L8", l06_why.l8(held(), WAITS), four_without_biases=1.0, three_without_biases=0.0
    )
    found = l06_why.l8(held(times=1.7, three=2), WAITS)
    assert found["four_without_biases"] == pytest.approx(1.7)
    assert found["three_without_biases"] == pytest.approx(2 / 40)


def test_held_biases_are_judged_by_the_exponents_of_both():
    assert_planted("L9", l06_why.l9(held()), held_apart=0.7, held_off_3=0.2, held_off_4=0.1)

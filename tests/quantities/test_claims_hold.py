"""On tables made to agree with a claim it holds; on tables made to speak against it it does not."""

import numpy as np
import pandas as pd
import pytest

from grokutils.claims import CLAIMS
from grokutils.quantities import examples, modes, norms, steps
from grokutils.store.table import grid

SEEDS = {"seed": range(1000, 1020)}


def verdict(claim, measured):
    assert set(measured) == {c.quantity for c in CLAIMS[claim].criteria}
    return CLAIMS[claim].verdict(measured)


def table(calls, row):
    """A table of the calls, each with the columns that `row` makes of it."""
    return pd.DataFrame([call | row(**call) for call in calls])


def race(memorized, generalized, **others):
    return {"memorization_epoch": memorized, "generalization_epoch": generalized} | others


def scales(slope=1.0, law_of_small=True):
    calls = []
    for change in (
        {"initial_scale": [0.25, 0.5, 1.0, 2.0, 4.0, 8.0], "weight_decay": [0.003, 0.01]},
        {"initial_scale": [1.0, 2.0, 4.0], "lr": 0.025},
        {"initial_scale": 0.25, "lr": 1.6, "weight_decay": [0.0, 0.01]},
        {"initial_scale": 0.5, "lr": 0.4, "weight_decay": [0.0, 0.01]},
        {"initial_scale": [0.25, 0.5, 1.0], "weight_decay": 0.0},
    ):
        usual = {"initial_scale": 1.0, "lr": 0.1, "weight_decay": 0.01, "loss": "hinge"}
        calls += grid(**usual | change | SEEDS)

    def row(initial_scale, lr, weight_decay, loss, seed):
        ticks = 4.4 + slope * np.log(initial_scale)
        epoch = ticks / (32 * lr * weight_decay) if weight_decay else 200.0
        rich = initial_scale < 1 and law_of_small
        memorized = 0.8 * epoch if rich else 30.0
        lost = np.nan if weight_decay == 0 and initial_scale == 1 else epoch
        kept = {"rise_epoch": 0.9 * epoch, "direction_kept": 0.95}
        return race(memorized, lost, **kept)

    return table(calls, row)


KERNELS = pd.DataFrame(
    {
        "kernel_moved_memorization": [0.01] * 20,
        "kernel_moved_generalization": [0.7] * 20,
        "kernel_accuracy_memorization": [0.52] * 20,
        "kernel_accuracy_generalization": [0.97] * 20,
    }
)


def test_s1_asks_for_the_slope_of_the_law():
    assert verdict("S1", norms.s1(scales())) == "holds here"
    assert norms.s1(scales(slope=1.2))["slope_off"] == pytest.approx(0.2)
    assert verdict("S1", norms.s1(scales(slope=0.0))) == "contradicted here"


def test_s2_asks_the_kernel_the_output_scale_and_whether_decay_is_needed():
    measured = norms.s2(KERNELS, scales())
    # ln 4 / 2 ticks more of 4.4 - memorization: lazier is later, but not by half
    assert measured["delay_ratio_of_the_lazy"] > 1
    assert measured["share_generalized_without_decay"] == 1
    assert measured["delay_of_the_rich"] == pytest.approx(0.25)
    assert verdict("S2", measured | {"delay_ratio_of_the_lazy": 2}) == "holds here"
    still = KERNELS.assign(kernel_moved_generalization=0.05)
    assert verdict("S2", norms.s2(still, scales())) == "contradicted here"


def held(law):
    calls = grid(held=[0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0], **SEEDS)
    return table(calls, lambda held, seed: race(30.0, law(held), held_norm=5 * held, loss="hinge"))


def zone(held):
    return np.nan if held < 0.9 else 40 * np.exp(1.5 * (held - 1))


def updates(**epochs):
    times = {"plain": 140.0, "slow": 40.0, "longer": 60.0, "momentum": 80.0} | epochs
    times |= {"plain, small": 300.0, "equal": 50.0, "as long as equal": 100.0}
    times |= {"flips 1 %": 100.0, "flips 5 %": 90.0}
    calls = [
        {"update": u, "loss": "hinge", "lr": 0.1, "weight_decay": 0.01, "seed": s}
        for u in times
        for s in SEEDS["seed"]
    ]
    calls += grid(
        update=["perpendicular", "perpendicular, as long"],
        loss=["hinge", "logistic"],
        lr=0.1,
        weight_decay=0.0,
        **SEEDS,
    )
    return table(calls, lambda update, **_: race(30.0, times.get(update, 50.0)))


def test_s3_asks_for_a_zone_with_late_above_and_none_below():
    measured = norms.s3(held(zone), scales(), updates())
    assert measured["share_generalized_below"] == 0
    assert measured["late_above"] == pytest.approx(np.exp(1.5))
    assert verdict("S3", measured) == "holds here"
    everywhere = norms.s3(held(lambda held: 40.0), scales(), updates())
    assert verdict("S3", everywhere) == "contradicted here"  # below the zone too, and not late


def test_s3_of_a_zone_at_the_largest_norm_is_not_late_above_it():
    only = norms.s3(held(lambda held: 40.0 if held == 4 else np.nan), scales(), updates())
    assert np.isnan(only["late_above"])


def test_s5_asks_each_update_for_its_twin():
    assert verdict("S5", steps.s5(updates())) == "holds here"
    measured = steps.s5(updates(slow=60.0))
    assert measured["slow_over_twin"] == 1
    assert verdict("S5", measured) == "holds here in part"
    assert verdict("S5", steps.s5(updates(slow=140.0))) == "contradicted here"


def test_s4_tells_an_exponential_from_a_power_law():
    calls = grid(n_bits=[10, 20, 30, 40, 50], n_train=1000, **SEEDS)
    calls += grid(n_bits=20, n_train=500, **SEEDS) + grid(n_bits=30, n_train=750, **SEEDS)
    calls += grid(n_bits=50, n_train=1250, **SEEDS) + grid(n_bits=60, n_train=1500, **SEEDS)

    def concealed(delay):
        def row(n_bits, n_train, seed):
            steps_per_epoch = np.ceil(n_train / 32)
            wait = delay(n_bits) / (steps_per_epoch * 0.001)
            rise = {"rise_epoch": 10 + 0.5 * wait, "train_rise_epoch": 8.0}
            return race(10.0, 10 + wait, **rise)

        return table(calls, row)

    exponential = steps.s4(concealed(lambda n: 0.2 * np.exp(0.08 * n)))
    assert exponential["exponential_error"] < 1e-9
    assert exponential["growth_at_equal_share"] == pytest.approx(1)
    assert verdict("S4", exponential) == "holds here"
    power = steps.s4(concealed(lambda n: 1e-4 * n**2.8))
    assert power["exponential_over_power"] > 100
    assert verdict("S4", power) == "contradicted here"


def test_s6_counts_what_the_narrow_network_costs():
    times = {"none": 140.0, "untrained": 150.0, "memorized": 100.0, "weak": 20.0, "oracle": 10.0}
    calls = grid(source=list(times), **SEEDS)

    def row(narrow_steps):
        def made(source, seed):
            narrow = {"narrow_steps": narrow_steps, "narrow_width": 20}
            return race(15.0, times[source], **narrow)

        return table(calls, made)

    biases = pd.DataFrame({"biases": [0, 1], "k_relevant": [3, 3], "fresh_accuracy": [0.8, 1.0]})
    assert verdict("S6", steps.s6(row(10_000), biases)) == "holds here"
    measured = steps.s6(row(500_000), biases)
    assert measured["cost_saved"] == pytest.approx(140 * 32 / (20 * 32 + 10_000))
    assert verdict("S6", measured) == "contradicted here"  # the delay has moved


def dials(exponent=0.5):
    calls = grid(lr=0.1, weight_decay=[0.001, 0.003, 0.01, 0.02], n_train=1000, **SEEDS)
    calls += grid(lr=[0.03, 0.3], weight_decay=0.01, n_train=1000, **SEEDS)
    calls += grid(lr=0.1, weight_decay=0.01, n_train=[700, 2000, 25_000], **SEEDS)

    def row(lr, weight_decay, n_train, seed):
        ticks = {700: 8.0, 2000: 1.5}.get(n_train, 4.0) * (1 + 0.01 * (seed % 3))
        fall = exponent * ticks  # of the log squared norm
        epoch = ticks / (np.ceil(n_train / 32) * lr * weight_decay)
        norms = {"squared_norm_at_memorization": 300.0}
        norms |= {"squared_norm_at_generalization": 300 * np.exp(-fall)}
        norms |= {"squared_norm": 300 * np.exp(-fall) / 2}
        memorized = epoch if n_train == 25_000 else 0.1 * epoch
        norms |= {"batch_size": 32, "loss": "hinge"}
        return race(memorized, memorized + epoch * (n_train < 25_000), **norms)

    return table(calls, row)


def test_s15_asks_for_one_law_over_all_dials():
    exponential = held(lambda held: 40 * np.exp(1.5 * held))
    measured = norms.s15(dials(), held=exponential)
    assert measured["spread_of_ticks_over_log_ratio"] == pytest.approx(1)
    assert measured["correlation"] == pytest.approx(1)
    assert verdict("S15", measured) == "holds here"
    growing = norms.s15(dials(exponent=-0.5), held=exponential)
    assert growing["share_with_fall"] == 0
    assert verdict("S15", growing) == "contradicted here"


def test_s15_with_the_same_fall_whatever_the_delay_is_no_law():
    races = dials()
    races["squared_norm"] = races["squared_norm_at_generalization"] = 150 + races["seed"] % 2
    spread = norms.s15(races, held=held(zone))["spread_of_ticks_over_log_ratio"]
    assert spread == pytest.approx(8 / 1.5, rel=1e-3)


def returns(n_critical, decay_matters=False):
    calls = grid(n_left=[20, 40, 80, 160, 320], which=["subset", "fresh"], ticks=8, **SEEDS)
    calls = [c | {"weight_decay": decay} for c in calls for decay in (0.003, 0.01, 0.03)]

    def row(n_left, weight_decay, **_):
        fell = n_left < n_critical * (weight_decay / 0.01 if decay_matters else 1)
        return {"fresh_accuracy": 0.55 if fell else 1.0, "loss": "hinge"}

    return table(calls, row)


def capacities():
    calls = grid(width=1000, label_noise=[0.0, 0.5], n_train=[100, 300, 1000, 4000], **SEEDS)
    calls += grid(width=30, label_noise=0.5, n_train=[100, 300, 1000, 4000], **SEEDS)

    def row(width, label_noise, n_train, seed):
        squared = 20.0 if label_noise == 0 else 10 * (n_train / 150) ** 0.5
        fits = n_train <= (3000 if width == 1000 else 500) or label_noise == 0
        known = label_noise == 0 and n_train >= 1000
        ends = {"squared_norm": squared, "mean_margin": 1.0}
        return race(30.0 if fits else np.nan, 140.0 if known else np.nan, **ends)

    return table(calls, row)


def from_scratch(shares, middling=0):
    calls = grid(n_train=list(shares), seed=range(1000, 1100))

    def row(n_train, seed):
        works = seed - 1000 < 100 * shares[n_train]
        between = not works and seed >= 1100 - 100 * middling
        accuracy = 1.0 if works else 0.8 if between else 0.52 + 0.0004 * (seed - 1000)
        end = {"fresh_accuracy": accuracy, "steps": 16_000}
        return race(30.0, 200.0 if works else np.nan, **end)

    longer = table(grid(n_train=[500, 600], **SEEDS), lambda **_: race(30.0, 900.0))
    longer = longer.assign(fresh_accuracy=1.0, steps=64_000)  # which all get there in the end
    return pd.concat([table(calls, row), longer], ignore_index=True)


EXAMPLES = {500: 0.0, 550: 0.2, 600: 0.5, 650: 0.8, 700: 1.0}


def test_s7_compares_the_sizes_at_which_circuits_cross_nets_grok_and_ungrok():
    measured = examples.s7(returns(400), capacities(), from_scratch(EXAMPLES, middling=0.3))
    assert measured["share_semi_grokked"] == pytest.approx(0.3)
    assert measured["memorizing_efficiency_left"] == pytest.approx(10**-0.5)
    assert measured["crossing_off"] < 0.01  # at 600, by construction
    assert np.isinf(measured["threshold_ratio"])  # above all sizes
    between = examples.s7(returns(200), capacities(), from_scratch(EXAMPLES, middling=0.3))
    assert between["threshold_ratio"] == pytest.approx((160 * 320) ** 0.5 / 600)
    less = examples.s7(returns(200, True), capacities(), from_scratch(EXAMPLES))
    assert less["accuracy_off_by_decay"] == pytest.approx(0.45)
    assert verdict("S7", less) == "contradicted here"
    never = examples.s7(returns(0), capacities(), from_scratch(EXAMPLES))
    assert never["threshold_ratio"] == 0
    assert never["share_ungrokked"] == 0


def widths(needed, time):
    widths_of = [10, 30, 100, 300, 1000]
    calls = grid(width=widths_of, n_train=[600, 800, 1000, 1500, 2500], start="dense", **SEEDS)
    calls += grid(width=[100, 1000], n_train=[600, 1000, 1500], start="sparse", **SEEDS)

    def row(width, n_train, start, seed):
        enough = n_train >= needed(width) * (0.6 if start == "sparse" else 1)
        faster = 0.5 if start == "sparse" else 1
        accuracy = 1.0 if enough else 0.55
        return race(30.0, time(width) * faster if enough else np.nan, fresh_accuracy=accuracy)

    return table(calls, row)


def test_s8_asks_for_fewer_examples_and_steps_with_width():
    wider = widths(lambda width: 2800 / width**0.2, lambda width: 400 - 0.2 * width)
    measured = examples.s8(wider)
    assert measured["largest_loss_by_width"] == 0
    assert verdict("S8", measured) == "holds here"
    same = examples.s8(widths(lambda width: 700, lambda width: 140.0))
    assert same["steps_saved_by_width"] == 1
    assert verdict("S8", same) == "contradicted here"


def test_s16_reads_the_same_map():
    table = widths(lambda width: 2800 / width**0.2, lambda width: 400 - 0.2 * width)
    measured = examples.s16(table, capacities())
    assert measured["critical_size_by_width"] < -0.9
    assert measured["capacity_growth"] == pytest.approx((1000 * 4000) ** 0.5 / 300**0.5 / 1000**0.5)
    assert measured["regimes_seen"] == 2  # memorized only, and grokked
    assert measured["dip_with_few_examples"] == 0
    dip = table.copy()
    dip.loc[(dip["width"] == 300) & (dip["start"] == "dense"), "fresh_accuracy"] -= 0.3
    assert examples.s16(dip, capacities())["dip_with_many_examples"] == pytest.approx(0.3)


def noise(wrong_fitted_without_decay):
    calls = grid(label_noise=[0.0, 0.1], n_train=[2000, 4000], weight_decay=[0.0, 0.01], **SEEDS)

    def row(label_noise, n_train, weight_decay, seed):
        fitted = 0.05 if weight_decay else wrong_fitted_without_decay
        ends = {"fresh_accuracy": 0.99, "wrong_fitted": fitted, "wrong_lost_epoch": 300.0}
        return race(30.0, 100.0, **ends, gap_by_norm=0.9, gap_at_random=0.1)

    return table(calls, row)


def test_s9_asks_for_both_at_once_and_for_what_undoes_it():
    assert verdict("S9", modes.s9(noise(0.99))) == "holds here"
    assert verdict("S9", modes.s9(noise(0.5))) == "contradicted here"
    early = noise(0.99).assign(wrong_lost_epoch=50.0)
    assert modes.s9(early)["share_in_two_stages"] == 0

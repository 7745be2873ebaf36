"""S8 on a made table: examples and steps that width saves, and that two bits a neuron save."""

from made import SEEDS, assert_planted, never, of_the_first, race, table

from experiments.decides.s08_widths import s8
from grokutils.store.table import grid

# How many of 20 seeds generalize.
DENSE = {
    30: {600: 0, 1000: 8, 1500: 18},
    100: {600: 4, 1000: 11, 1500: 9},
    1000: {600: 9, 1000: 20, 1500: 20},
}
SPARSE = {100: {600: 8, 1000: 18}, 1000: {600: 2, 1000: 11}}
TIMES = {("dense", 100): 300.0, ("dense", 1000): 150.0, ("sparse", 1000): 100.0}


def widths():
    calls = grid(width=list(DENSE), n_train=[600, 1000, 1500], start="dense", **SEEDS)
    calls += grid(width=list(SPARSE), n_train=[600, 1000], start="sparse", **SEEDS)

    def row(width, n_train, start, seed):
        number = (DENSE if start == "dense" else SPARSE)[width][n_train]
        time = TIMES.get((start, width))
        if n_train == 1000 and time:
            return race(30.0, never(time, seed) if number == 11 else time)
        return race(30.0, of_the_first(number, seed, 1e3))

    return table(calls, row)


def test_each_saving_is_of_its_width_its_start_and_the_same_examples():
    dense_100, sparse_100 = (600 * (10 / 6) ** t for t in (0.3 / 0.35, 0.1 / 0.5))
    at_30, at_1000 = 1000 * 1.5 ** (0.1 / 0.5), 600 * (10 / 6) ** (0.05 / 0.55)
    assert_planted(
        "S8",
        s8(widths()),
        examples_saved_by_width=at_30 / at_1000,
        largest_loss_by_width=9 / 20,  # from 18 to 9, with 1,500 examples
        steps_saved_by_width=2.0,
        examples_saved_by_sparse_start=dense_100 / sparse_100,
        steps_saved_by_sparse_start=1.5,
    )


def test_where_no_width_loses_the_largest_loss_is_none():
    found = widths()
    found.loc[found["width"] > 30, "generalization_epoch"] = 100.0
    assert s8(found)["largest_loss_by_width"] == 0

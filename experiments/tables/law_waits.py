"""How long 2 to 6 bits wait, over n and N: on the frozen line, at fixed N/n, and at the wall.

===============  ==================================  =======  ======  =======
setting          (n, N)                              horizon  number  minutes
===============  ==================================  =======  ======  =======
3 bits           old and new ones, and n x N/n       48       31      17
3 bits, wall     n = 20, 40, 60, four N each         96       12      41
2 bits           n = 20 to 160, N/n = 5, 7, 10       24       12      4
4 bits           n = 16 to 81, N/n = 24, 36          48       10      5
5, 6 bits        n = 12 to 28, N/n = 30, 45, 68      48       24      25
===============  ==================================  =======  ======  =======

The horizon is in ticks, 1,000 steps each; a step takes about 45 + 2.9 n microseconds; 20 seeds.
What was foretold is in `experiments/law.toml`.
"""

from experiments.tables.grid import seed_by_seed, ticks
from experiments.tables.waited import N_TEST, SEEDS, waited
from grokutils.parity.config import TrainConfig, configure
from grokutils.parity.race import network, train_epochs

OLD = (
    *((20, 500), (30, 1000), (40, 700), (40, 1000), (40, 2000), (50, 1250)),
    *((60, 1500), (80, 2000)),
)
NEW = (
    *((15, 300), (20, 300), (25, 450), (25, 800), (35, 600), (60, 3000), (70, 2500)),
    *((80, 3500), (100, 2800), (100, 4000), (120, 4500), (120, 6000), (160, 6000)),
)
RATIO = tuple((n, ratio * n) for n in (16, 24, 36, 54, 81) for ratio in (24, 36))
TWO = tuple((n, ratio * n) for n in (20, 40, 80, 160) for ratio in (5, 7, 10))
FIVE_AND_SIX = tuple((n, ratio * n) for n in (12, 16, 21, 28) for ratio in (30, 45, 68))
WALL = {20: (152, 176, 199, 223), 40: (459, 529, 600, 671), 60: (874, 1009, 1143, 1278)}
HORIZONS = {2: 24, 3: 48, 4: 48, 5: 48, 6: 48}
AT_WALL = 96


def measure(n_bits: int, n_train: int, k_relevant: int, steps: int, seed: int) -> dict:
    """Follow one seed of the paper's network with other numbers of bits and examples."""
    config = configure(
        TrainConfig(),
        n_bits=n_bits,
        n_train=n_train,
        k_relevant=k_relevant,
        n_test=N_TEST,
        steps=steps,
    )
    net = network(config, seed)
    return waited(net, train_epochs(net, config), config)


def calls() -> list[dict]:
    """Return the runs of the table, 20 seeds each."""
    places = {2: TWO, 3: (*OLD, *NEW, *RATIO), 4: RATIO, 5: FIVE_AND_SIX, 6: FIVE_AND_SIX}
    changes = [
        _change(n_bits, n_train, k, HORIZONS[k])
        for k, settings in places.items()
        for n_bits, n_train in settings
    ]
    changes += [_change(n, n_train, 3, AT_WALL) for n, sizes in WALL.items() for n_train in sizes]
    return seed_by_seed(changes, SEEDS, draws=(0,))


def _change(n_bits, n_train, k_relevant, horizon):
    setting = {"n_bits": n_bits, "n_train": n_train, "k_relevant": k_relevant}
    return setting | {"steps": ticks(horizon)}

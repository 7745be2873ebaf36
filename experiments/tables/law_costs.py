"""What squared norm random labels cost, and what a sparse circuit does, over (n, N).

Random labels: n = 20, 40, 60 and N/n = 8, 16, 32, ten ticks; true ones, 3 bits: N/n = 24, 36,
sixteen ticks. All to the end of their steps, 20 seeds, some twelve minutes; see
`experiments/law.toml`.
"""

from experiments.tables.grid import seed_by_seed, ticks
from experiments.tables.waited import N_TEST, SEEDS, waited
from grokutils.parity.config import TrainConfig, configure
from grokutils.parity.race import network, train_epochs

N_BITS = (20, 40, 60)


def measure(n_bits: int, n_train: int, label_noise: float, steps: int, seed: int) -> dict:
    """Train one seed to the end of its steps; with half of its labels wrong they are random."""
    places = {"n_bits": n_bits, "n_train": n_train, "n_test": N_TEST}
    config = configure(TrainConfig(), label_noise=label_noise, steps=steps, **places)
    net = network(config, seed)
    return waited(net, train_epochs(net, config), config, to_the_end=True)


def calls() -> list[dict]:
    """Return the runs of the table."""
    kinds = (0.5, (8, 16, 32), 10), (0.0, (24, 36), 16)  # share wrong, N/n, ticks
    changes = [
        {"n_bits": n, "n_train": ratio * n, "label_noise": wrong, "steps": ticks(horizon)}
        for wrong, ratios, horizon in kinds
        for n in N_BITS
        for ratio in ratios
    ]
    return seed_by_seed(changes, SEEDS, draws=(0,))

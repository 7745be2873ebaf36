"""The sparse parity of an explorable page: 3 of 30 bits, width 64, AdamW on all examples.

Pearce et al. 2023, *Do Machine Learning Models Memorize or Generalize?*, by the numbers that the
runs of its map share (`hyper_shared.json`): 30 bits, 3 of them relevant, 500 examples, width 64,
cross-entropy, AdamW at 0.003 with a decay of 1, 20,000 steps. Its notebook of the task could not be
had.

Alike: task, width, relu, loss (the cross-entropy of one output is the logistic loss), learning
rate, decay, steps, all examples in one batch. The map itself has 750 to 1,750 examples and decays
of 0.01 to 1, so a second and a third setting are of it.

Different: bits are -1 and 1, there 0 and 1; AdamW's averages are torch's (0.9, 0.999), there 0.99
and 0.98; initial weights are torch's, there not known; decay is decoupled from the gradient and on
all weights, there on which is not known; the loss above is that of one output. A run ends 50 steps
after it has generalized, and 500 test inputs, there 5,000, decide that. The page's first network,
of 1,200 examples, has an l1 penalty: that is `penalties`.

Three settings, 20 seeds a draw. A step of 500 examples at width 64 is as one of 32 at 1,000, some
0.12 ms by SGD, but by AdamW, measured after each, 20,000 took 30 s: an hour if no run ends early.
In a try of one seed, 9503, the network of 500 examples had not generalized by then; those of 1,250
had, late.
"""

from experiments.tables.followed import PAPER, followed
from experiments.tables.grid import seed_by_seed
from grokutils.parity.config import configure
from grokutils.parity.race import network, train_epochs

CONFIG = configure(
    PAPER,
    n_bits=30,
    k_relevant=3,
    n_test=500,
    width=64,
    loss="logistic",
    optimizer="adamw",
    lr=0.003,
)


def measure(n_train: int, batch_size: int, weight_decay: float, steps: int, seed: int) -> dict:
    """Race one seed of the page's setting; an epoch is a step if the batch has all examples."""
    config = configure(
        CONFIG, n_train=n_train, batch_size=batch_size, weight_decay=weight_decay, steps=steps
    )
    net = network(config, seed)
    return followed(net, train_epochs(net, config), config.task)


def calls() -> list[dict]:
    """Return the runs of the table."""
    settings = ((500, 1.0), (1250, 1.0), (1250, 0.1))
    return seed_by_seed(
        [
            {"n_train": n, "batch_size": n, "weight_decay": decay, "steps": 20_000}
            for n, decay in settings
        ]
    )

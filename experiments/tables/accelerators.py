"""Other updates and flipped inputs, each beside the twin that has nothing but its step."""

from experiments.methods.updates import amplify_slow, changed, equal_speeds, flipped, perpendicular
from experiments.methods.updates import momentum as slow_alone
from experiments.tables.followed import PAPER, followed
from experiments.tables.grid import seed_by_seed
from grokutils.parity.config import configure
from grokutils.parity.race import network, train_epochs
from grokutils.streams import generator

N_BITS = PAPER.task.n_bits
CHANGES = {
    "slow": lambda lr: amplify_slow(),
    "momentum": lambda lr: slow_alone(),
    "perpendicular": lambda lr: perpendicular(N_BITS),
    "perpendicular, as long": lambda lr: perpendicular(N_BITS, as_long=True),
    "equal": lambda lr: equal_speeds(N_BITS, lr),
    "as long as equal": lambda lr: equal_speeds(N_BITS, lr, twin=True),
}
FLIPS = {"flips 1 %": 0.01, "flips 5 %": 0.05}


def measure(update: str, loss: str, lr: float, weight_decay: float, steps: int, seed: int) -> dict:
    """Race one seed with another update; "plain" and "longer" are SGD, at their rates."""
    config = configure(PAPER, loss=loss, lr=lr, weight_decay=weight_decay, steps=steps)
    net = network(config, seed)
    after_step = changed(net, config, CHANGES[update](lr)) if update in CHANGES else None
    passes = train_epochs(net, config, after_step=after_step)
    if update in FLIPS:
        passes = flipped(net, passes, FLIPS[update], generator("flips", seed))
    return followed(net, passes, config.task)


def calls() -> list[dict]:
    """Return the runs of the table, twice the paper's steps each.

    The longer step has a third of the weight decay, so that the weights shrink as they did.
    Equal speeds come with their paper's learning rate, and so do what they are compared with.
    """
    usual = {"loss": "hinge", "lr": 0.1, "weight_decay": 0.01, "steps": 19_200}
    without = usual | {"weight_decay": 0.0}
    along = ["perpendicular", "perpendicular, as long"]
    return seed_by_seed(
        [
            {"update": ["plain", "slow", "momentum", *FLIPS]} | usual,
            {"update": "longer"} | usual | {"lr": 0.3, "weight_decay": 0.01 / 3},
            {"update": ["plain, small", "equal", "as long as equal"]} | usual | {"lr": 0.042},
            {"update": ["plain", *along]} | without,
            {"update": ["plain", *along]} | without | {"loss": "logistic"},
        ]
    )

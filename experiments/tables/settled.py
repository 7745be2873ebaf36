"""The effective rank of W in runs that are followed until it is still."""

from experiments.methods.singular import effective_rank, spectrum
from experiments.tables.followed import PAPER, digits
from experiments.tables.grid import seed_by_seed
from grokutils.parity.config import configure
from grokutils.parity.race import network, noting_events, train_epochs
from grokutils.parity.weights import output

FEW = 500  # fresh inputs, as many as in the table of ranks
OFTEN, UNTIL, SELDOM = 5, 300, 20  # a row every 5 epochs to the end of the paper's, then every 20


def measure(epochs: int, seed: int) -> list[dict]:
    """Train one seed for so many epochs; return a row every few, with the run's events in each.

    `effective_rank` of W, `accuracy` on 500 fresh inputs, and `squared_norm` of all weights.
    """
    config, happened = configure(PAPER, epochs=epochs), dict[str, float]()
    net = network(config, seed)
    rows = [{"epoch": 0} | _row(net, config.task)]
    for epoch in noting_events(net, train_epochs(net, config), happened):
        if epoch % (OFTEN if epoch <= UNTIL else SELDOM) == 0:
            rows.append({"epoch": epoch} | _row(net, config.task))
    return [row | happened for row in rows]


def _row(net, task):
    weights, (inputs, labels) = net.weights(), task.fresh_set(FEW)
    sizes, _ = spectrum(weights.hidden_weight)
    return {
        "effective_rank": digits(effective_rank(sizes)),
        "accuracy": float((output(weights, inputs) * labels > 0).mean()),
        "squared_norm": digits(net.squared_norm()),
    }


def calls() -> list[dict]:
    """Return the runs of the table, five times the paper's epochs each."""
    return seed_by_seed([{"epochs": 1500}])

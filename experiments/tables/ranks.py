"""The singular values of W along a run, and what the network does with a few of them."""

from experiments.methods.singular import effective_rank, energy, overlap, projected, spectrum
from experiments.tables.followed import PAPER, digits
from experiments.tables.grid import seed_by_seed
from grokutils.check import check_choice
from grokutils.parity.config import configure
from grokutils.parity.race import network, noting_events, train_epochs
from grokutils.parity.weights import activations

KINDS: dict[str, dict] = {
    "true": {},
    "random labels": {"label_noise": 0.5},
    "without decay": {"weight_decay": 0.0},
}
FEW = 500  # fresh inputs on which truncated networks are tried
TRUNCATED = {"1": slice(0, 1), "3": slice(0, 3), "10": slice(0, 10)}
TRUNCATED |= {"upper half": slice(0, 20), "lower half": slice(20, 40)}


def measure(kind: str, every: int, seed: int) -> list[dict]:
    """Train one seed; return a row every so many epochs, with the run's events in each.

    Of W: `effective_rank`, `energy_of_three` and `overlap_of_three`, as many as there are relevant
    bits; `accuracy`, on 500 fresh inputs, also of the network with some of its singular
    directions alone, the largest first.
    """
    check_choice("kind", kind, tuple(KINDS))
    config, happened = configure(PAPER, **KINDS[kind]), dict[str, float]()
    net = network(config, seed)
    rows = [{"epoch": 0} | _row(net, config.task)]
    for epoch in noting_events(net, train_epochs(net, config), happened):
        if epoch % every == 0:
            rows.append({"epoch": epoch} | _row(net, config.task))
    return [row | happened for row in rows]


def _row(net, task):
    weights, k = net.weights(), task.k_relevant
    sizes, directions = spectrum(weights.hidden_weight)
    inputs, labels = task.fresh_set(FEW)
    networks = {"accuracy": weights} | {
        f"accuracy_of_{name.replace(' ', '_')}": weights._replace(
            hidden_weight=projected(weights.hidden_weight, directions[:, part])
        )
        for name, part in TRUNCATED.items()
    }
    outputs = {name: activations(w, inputs) @ w.readout for name, w in networks.items()}
    return {
        "effective_rank": digits(effective_rank(sizes)),
        "energy_of_three": digits(energy(sizes, k)),
        "overlap_of_three": digits(overlap(directions, k)),
        "squared_norm": digits(net.squared_norm()),
        **{name: float((f * labels > 0).mean()) for name, f in outputs.items()},
    }


def calls() -> list[dict]:
    """Return the runs of the table."""
    others = {"kind": ["random labels", "without decay"], "every": 20}
    return seed_by_seed([{"kind": "true", "every": 5}, others])

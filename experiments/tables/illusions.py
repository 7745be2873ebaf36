"""What the sparse subnetwork and the rest of its network do on inputs of other kinds."""

import numpy as np

from experiments.methods.shifts import CHOSEN, chosen_against, shifted
from experiments.tables.followed import N_FRESH, PAPER, digits
from experiments.tables.grid import seed_by_seed
from experiments.tables.tickets import events_of
from grokutils.parity.subnetworks import active_subnetwork, control_set, outputs
from grokutils.store.cache import compute_once

SETS = ("full", "sparse", "rest", "random", "by fresh")


def measure(at: str, seed: int) -> list[dict]:
    """Return a row for each kind of inputs, of the network of one seed's run at an event.

    The sparse set is the active subnetwork on the training inputs, `size` its neurons; the rest
    all others; a random set is as large; the set "by fresh" is the active subnetwork on 2,000
    fresh inputs. `agrees_...` is the share of inputs on which a set predicts what the network
    does, `accuracy_...` its share of right predictions; `misled` is the share on which the network
    is right and the sparse set is not, `flattered` the other way round; `rest_over_full` and
    `error_over_full` are mean sizes, of the rest's output and of the difference between the
    sparse set's and the network's, over the mean size of the network's.
    """
    task = PAPER.task
    weights = compute_once(events_of, seed=seed)[at]
    sparse = active_subnetwork(weights, task.train_set(seed).inputs)
    by_fresh = active_subnetwork(weights, task.fresh_set(N_FRESH, seed).inputs)
    random = control_set(PAPER.width, int(sparse.sum()), seed)
    kept = np.array([np.ones_like(sparse), sparse, ~sparse, random, by_fresh])
    inputs = shifted(task, seed)
    inputs[CHOSEN] = chosen_against(weights, sparse, inputs["fresh"][:200], task.k_relevant)
    sizes = {"size": int(sparse.sum()), "size_by_fresh": int(by_fresh.sum())}
    return [
        {"inputs": name} | sizes | _compared(outputs(weights, x, kept), task.label(x))
        for name, x in inputs.items()
    ]


def _compared(f, labels):
    """Return what is said of outputs (sample, set) of `SETS`."""
    signs, right = np.sign(f), f * labels[:, None] > 0
    found = {}
    for place, name in enumerate(SETS):
        found[f"agrees_{name}"] = float((signs[:, place] == signs[:, 0]).mean())
        found[f"accuracy_{name}"] = float(right[:, place].mean())
    del found["agrees_full"]
    size = np.abs(f[:, 0]).mean()
    return {name.replace(" ", "_"): value for name, value in found.items()} | {
        "misled": float((right[:, 0] & ~right[:, 1]).mean()),
        "flattered": float((right[:, 1] & ~right[:, 0]).mean()),
        "rest_over_full": digits(np.abs(f[:, 2]).mean() / size),
        "error_over_full": digits(np.abs(f[:, 1] - f[:, 0]).mean() / size),
    }


def calls() -> list[dict]:
    """Return the runs of the table."""
    return seed_by_seed([{"at": ["memorization", "generalization", "end"]}])

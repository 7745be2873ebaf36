"""The tangent kernel at the events of a run, and how many single flips change a prediction."""

import numpy as np

from experiments.methods.tangent import alignment, distance, regression, tangent_kernel
from experiments.tables.followed import N_FRESH, PAPER, digits
from experiments.tables.grid import seed_by_seed
from grokutils.parity.engine import weights_at
from grokutils.parity.subnetworks import flips
from grokutils.parity.train import train_seed
from grokutils.parity.weights import output, pack_inputs
from grokutils.stats import events

FEW = 300  # inputs on which two kernels are compared


def measure(seed: int) -> dict:
    """Measure the kernel of one seed's run at the start, at its events, between them, at the end.

    `kernel_moved` is the distance from the first kernel on 300 fresh inputs, `kernel_aligned`
    its alignment with their labels; `kernel_accuracy` is of regression with it on the training
    set, over 2,000 fresh inputs, and `kernel_agrees` its agreement with the network there;
    `sensitivity` is the mean number of single flips that change the network's prediction.
    """
    happened = events(train_seed(PAPER, seed))
    memorized, generalized = (
        happened[f"{event}_epoch"].item() for event in ("memorization", "generalization")
    )
    if np.isnan(generalized):
        generalized = PAPER.epochs
    at = {
        "start": 0,
        "memorization": int(memorized),
        "halfway": round((memorized + generalized) / 2),
        "generalization": int(generalized),
        "end": PAPER.epochs,
    }
    run = train_seed(PAPER, seed, weights_at=sorted(set(at.values())), every=PAPER.epochs)
    weights = {event: weights_at(run, epoch) for event, epoch in at.items()}
    return {f"epoch_{event}": epoch for event, epoch in at.items()} | _kernels(weights, seed)


def _kernels(weights, seed):
    train, fresh = PAPER.task.train_set(seed), PAPER.task.fresh_set(N_FRESH)
    few, labels = fresh.inputs[:FEW], fresh.labels[:FEW]
    first, found = tangent_kernel(weights["start"], few, few), {}
    for event, now in weights.items():
        kernel = tangent_kernel(now, few, few)
        by_kernel = np.sign(regression(now, train, fresh.inputs))
        prediction = np.sign(output(now, fresh.inputs))
        found |= {
            f"kernel_moved_{event}": digits(distance(first, kernel)),
            f"kernel_aligned_{event}": digits(alignment(kernel, labels)),
            f"kernel_accuracy_{event}": float((by_kernel == fresh.labels).mean()),
            f"kernel_agrees_{event}": float((by_kernel == prediction).mean()),
            f"sensitivity_{event}": float(flips(now, pack_inputs(few)).mean()),
        }
    return found


def calls() -> list[dict]:
    """Return the runs of the table."""
    return seed_by_seed([{}])

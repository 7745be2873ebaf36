"""Masks of single weights, taken from a trained network and put on its start; and controls."""

from typing import Any

import numpy as np

from experiments.methods.masks import CONTROLS, control, keep_mask, largest, masked
from experiments.tables.followed import PAPER, followed
from experiments.tables.grid import seed_by_seed
from grokutils.check import check_choice
from grokutils.parity.config import configure
from grokutils.parity.network import start_of
from grokutils.parity.race import network, noting_events, train_epochs
from grokutils.parity.subnetworks import active_subnetwork
from grokutils.store.cache import compute_once

MASKS = ("dense", "same norm", "ticket", "fresh", "other seed", "neurons", *CONTROLS)
OTHER = 100_000  # added to a seed for initial weights that its mask has not seen


def events_of(seed: int) -> dict:
    """Return the weights of one seed's run at its events, half-way between them, and at the end.

    What does not happen within the run is taken at its end.
    """
    net, happened = network(PAPER, seed), dict[str, Any]()
    weights = [net.weights() for _ in noting_events(net, train_epochs(net, PAPER), happened)]
    memorized, generalized = (
        PAPER.epochs if np.isnan(epoch) else epoch for epoch in happened.values()
    )
    at = {
        "memorization": memorized,
        "halfway": (memorized + generalized) // 2,
        "generalization": generalized,
        "end": PAPER.epochs,
    }
    return {event: weights[epoch - 1] for event, epoch in at.items()}


def mask_of(mask: str, at: str, share: float, seed: int) -> np.ndarray:
    """Return the mask (neuron, bit) of one seed's network."""
    if mask in ("dense", "same norm"):
        return np.ones((PAPER.width, PAPER.task.n_bits), dtype=bool)
    source = seed + 1 if mask == "other seed" else seed
    weights = compute_once(events_of, seed=source)[at]
    if mask == "neurons":
        active = active_subnetwork(weights, PAPER.task.train_set(seed).inputs)
        return np.repeat(active[:, None], PAPER.task.n_bits, axis=1)
    found = largest(weights.hidden_weight, share)
    return control(mask, found, PAPER.task.k_relevant, seed) if mask in CONTROLS else found


def measure(mask: str, at: str, share: float, weight_decay: float, steps: int, seed: int) -> dict:
    """Race one seed's network under a mask of a share of W, made of its run at an event.

    "fresh" has other initial weights under the ticket; "same norm" is dense, with W as long as
    the ticket leaves it; "neurons" has the active subnetwork's weights, whatever the share.
    `kept` and `kept_relevant` count the weights that are kept, of all bits and of the relevant.
    """
    check_choice("mask", mask, MASKS)
    config = configure(PAPER, weight_decay=weight_decay, steps=steps)
    kept = mask_of(mask, at, share, seed)
    start = masked(start_of(config, seed + OTHER if mask == "fresh" else seed), kept)
    if mask == "same norm":
        ticket = masked(start, mask_of("ticket", at, share, seed)).hidden_weight
        squares = (sum((w**2).flat) for w in (ticket, start.hidden_weight))
        scaled = start.hidden_weight * np.sqrt(np.divide(*squares))
        start = start._replace(hidden_weight=scaled)
    net = network(config, seed, start)
    after_step = None if kept.all() else keep_mask(net, kept)
    found = followed(
        net, train_epochs(net, config, after_step=after_step), config.task, patience=10
    )
    relevant = kept[:, : config.task.k_relevant]
    return {"kept": int(kept.sum()), "kept_relevant": int(relevant.sum())} | found


def calls() -> list[dict]:
    """Return the runs of the table: the paper's steps for tickets, half for controls.

    The control that keeps no relevant column, the one that has another seed's, the masks by
    epoch and those without weight decay are looked at for the middle share alone.
    """
    ticket = {"mask": "ticket", "at": "end", "share": 0.1, "weight_decay": 0.01, "steps": 9_600}
    three, shorter = {"share": [0.4, 0.1, 0.02]}, {"steps": 4_800}
    controls = {"mask": ["random", "columns", "fresh", "shuffled", "same norm"]}
    changes: list[dict] = [
        {"mask": ["dense", "neurons"]},
        three,
        controls | three | shorter,
        {"mask": ["other seed", "moved"]} | shorter,
        {"at": "memorization"} | three,
        {"at": ["halfway", "generalization"]},
        {"weight_decay": 0.0} | three,
        {"mask": ["dense", "random", "columns"], "weight_decay": 0.0},
    ]
    return seed_by_seed([ticket | change for change in changes])

"""A change made to a set of neurons on the way, beside the same change made to controls."""

from experiments.sweeps.table import grid
from grokutils.parity.config import TrainConfig
from grokutils.parity.intervene import baseline, intervene
from grokutils.store.cache import compute_once


def measure(intervention: str, when: str, which: str, seed: int, horizon: int) -> dict:
    """Intervene in one run of the paper's network; see `grokutils.parity.intervene`."""
    undisturbed = compute_once(baseline, config=TrainConfig(), seed=seed)
    return intervene(intervention, when, which, seed, horizon, undisturbed=undisturbed)


def calls() -> list[dict]:
    """Return the runs of the table, of both draws."""
    everywhere = {"which": ["sparse", "random", "matched"], "horizon": 600}
    runs = []
    for seed in (*range(40), *range(3000, 3040)):
        of_seed = {"horizon": 600, "seed": seed}
        runs += grid(intervention="none", when="start", which="sparse", **of_seed)
        for intervention, when in (
            ("enlarge", "start"),
            ("remove", "start"),
            ("alone", "start"),
            ("clamp", "memorization"),
            ("freeze", "memorization"),
            ("remove", "memorization"),
            ("alone", "memorization"),
        ):
            runs += grid(intervention=intervention, when=when, **everywhere | of_seed)
    return runs

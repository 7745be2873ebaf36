"""The whole picture in other settings (paper, appendix C): weight decay 0.001, and k = 4."""

from grokutils.parity.config import TrainConfig, configure
from grokutils.parity.dissect import dissect_seed
from grokutils.stats import events


def measure(weight_decay: float, k_relevant: int, last_epoch: int, seed: int) -> dict:
    """Dissect one run of another setting (paper, appendix C) every ten epochs."""
    changes: dict = {"weight_decay": weight_decay, "k_relevant": k_relevant, "epochs": last_epoch}
    config = configure(TrainConfig(), **changes)
    run = dissect_seed(config, seed, every=10, sparsity_every=10)
    happened, last = events(run), run.isel(epoch=-1)
    memorized = happened["memorization_epoch"].item()
    found = {
        "memorization_epoch": memorized,
        "generalization_epoch": happened["generalization_epoch"].item(),
        "test_accuracy": last["accuracy"].sel(split="test").item(),
        "effective_sparsity_at_memorization": int(run["memorizing"].sum()),
        "effective_sparsity": run["effective_sparsity"].isel(sparsity_epoch=-1).item(),
    }
    for name in run["subnetwork"].values:
        part = last.sel(subnetwork=name)
        found[f"faithfulness_{name}"] = part["faithfulness"].sel(split="test").item()
        found[f"mean_norm_{name}"] = part["mean_norm"].item()
    return found


def calls() -> list[dict]:
    """Return the runs of the table, of both draws, both settings of a seed together."""
    settings = (0.001, 3, 2500), (0.01, 4, 1500)
    names = "weight_decay", "k_relevant", "last_epoch"
    return [
        dict(zip(names, setting, strict=True)) | {"seed": seed}
        for seed in (*range(40), *range(3000, 3040))
        for setting in settings
    ]

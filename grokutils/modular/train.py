"""Train the transformer on an operator; measure it on the operator's whole table."""

from collections.abc import Iterator

import numpy as np
import torch
import xarray as xr
from torch.nn.functional import cross_entropy

from grokutils.modular.model import Transformer, effective_sparsity, top_ten_share
from grokutils.modular.task import OperatorConfig, answers, pairs, questions, split
from grokutils.streams import generator


def initial_net(config: OperatorConfig, seed: int) -> Transformer:
    """Return the transformer that a seed's run starts from; no other random stream is touched."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(generator("initial transformer", seed).integers(2**62)))
        return Transformer(
            n_tokens=config.modulus + 1,
            n_answers=config.modulus,
            length=3,
            width=config.width,
            n_layers=config.n_layers,
            n_heads=config.n_heads,
            embedding_scale=config.embedding_scale,
        )


def batches(n_train: int, batch_size: int, seed: int) -> Iterator[torch.Tensor]:
    """Yield for ever the numbers of a batch's examples: each epoch visits all, in a new order."""
    rng = generator("operator batches", seed)
    while True:
        yield from torch.from_numpy(rng.permutation(n_train)).split(batch_size)


def measured_steps(steps: int) -> list[int]:
    """Return the steps at which a run is measured: 0, then multiples of 10 about 6 % apart."""
    growing = 10 * 1.06 ** np.arange(np.log(max(steps / 10, 1)) / np.log(1.06))
    return sorted({0, steps, *(10 * (growing / 10).round().astype(int)).tolist()})


def train_seed(
    config: OperatorConfig, seed: int, device: str = "cpu", sizes: bool = True
) -> xr.Dataset:
    """Train the transformer of one seed in this process.

    Parameters
    ----------
    config : grokutils.modular.task.OperatorConfig
    seed : int
    device : str
        A torch device.
    sizes : bool
        Whether to measure effective sparsity, which costs as much as training.

    Returns
    -------
    xarray.Dataset
        `prediction` (step, pair) of the operator's whole table; `loss` (step, split);
        `top_ten_share` and `effective_sparsity` (step, block) of the blocks' MLPs, the latter
        on the training pairs, NaN but at every fourth measurement, if at all; `in_train`,
        `swapped_in_train`, `answer`, and `swapped_answer`, that of (b, a) (pair).

    Raises
    ------
    FloatingPointError
        If the run diverges; names step and learning rate.
    """
    table, (in_train, swapped_in_train) = pairs(config), split(config, seed)
    given = {
        "in_train": ("pair", in_train),
        "swapped_in_train": ("pair", swapped_in_train),
        "answer": ("pair", answers(config, table)),
        "swapped_answer": ("pair", answers(config, table[:, ::-1])),
    }
    x = questions(config, table).to(device)
    y = torch.from_numpy(given["answer"][1]).to(device)
    trained = torch.from_numpy(in_train).to(device)
    records = _records(config, seed, initial_net(config, seed).to(device), x, y, trained, sizes)
    steps, measured = zip(*records, strict=True)
    dims = {"prediction": "pair", "loss": "split"}
    return xr.Dataset(
        {
            name: (("step", dims.get(name, "block")), np.array([m[name] for m in measured]))
            for name in measured[0]
        }
        | given,
        {
            "step": list(steps),
            "split": ["train", "test"],
            "a": ("pair", table[:, 0]),
            "b": ("pair", table[:, 1]),
        },
    )


def _records(config, seed, net, x, y, trained, sizes):
    """Train `net` on the pairs marked in `trained`; yield the measured steps and their measures."""
    train_x, train_y = x[trained], y[trained]
    optimizer = torch.optim.AdamW(
        net.parameters(),
        lr=config.lr,
        betas=(config.beta_1, config.beta_2),
        weight_decay=config.weight_decay,
    )
    batch = batches(len(train_x), config.batch_size, seed)
    measured, in_a_row = measured_steps(config.steps), 0
    for step in range(config.steps + 1):
        if step in measured:
            sized = sizes and measured.index(step) % 4 == 0
            record = _measure(net, x, y, trained, sized)
            if not np.isfinite(record["loss"][0]):
                raise FloatingPointError(f"the loss at step {step} is not finite, lr = {config.lr}")
            yield step, record
            right = (record["prediction"] == y.cpu().numpy())[~trained.cpu().numpy()].mean()
            in_a_row = in_a_row + 1 if right >= 0.99 else 0
            if in_a_row == config.patience:
                return
        chosen = next(batch).to(x.device)
        loss = cross_entropy(net(train_x[chosen]), train_y[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


@torch.no_grad()
def _measure(net, x, y, trained, sized):
    logits = torch.cat([net(part) for part in x.split(1024)])
    loss = cross_entropy(logits, y, reduction="none")
    blocks = range(len(net.blocks))
    return {
        "prediction": logits.argmax(1).cpu().numpy().astype(np.int16),
        "loss": [loss[trained].mean().item(), loss[~trained].mean().item()],
        "top_ten_share": [top_ten_share(net, block) for block in blocks],
        "effective_sparsity": [
            effective_sparsity(net, block, x[trained]) if sized else np.nan for block in blocks
        ],
    }


def accuracy(history: xr.Dataset) -> xr.DataArray:
    """Return the accuracies (..., step, pairs) of a history, twins apart.

    `pairs` are those of the training set ("train"); of the test set ("test"); of the test set
    those whose swapped pair is in the training set ("swapped") and all others ("others").
    """
    right = history["prediction"] == history["answer"]
    return xr.concat(
        [right.where(mask).mean("pair") for mask in _groups(history).values()],
        dim=xr.Variable("pairs", list(_groups(history))),
    ).transpose(..., "pairs")


def answered_as_swapped(history: xr.Dataset) -> xr.DataArray:
    """Return the share (..., step) of the "swapped" pairs answered as (b, a) should be.

    For addition it is their accuracy; for division it says how many are wrong in just the way
    of a network that takes a / b and b / a for the same.
    """
    as_swapped = history["prediction"] == history["swapped_answer"]
    return as_swapped.where(_groups(history)["swapped"]).mean("pair")


def share_swapped(history: xr.Dataset) -> xr.DataArray:
    """Return the share of the test pairs whose swapped pair is in the training set."""
    return history["swapped_in_train"].where(~history["in_train"]).mean("pair")


def _groups(history):
    train, swapped = history["in_train"], history["swapped_in_train"]
    return {
        "train": train,
        "test": ~train,
        "swapped": ~train & swapped,
        "others": ~train & ~swapped,
    }

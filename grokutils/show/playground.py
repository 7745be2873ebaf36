"""Experiments of the reader's own, in a running kernel: train one network, or map many."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from itertools import chain

import numpy as np
import xarray as xr

from grokutils.check import check_integer
from grokutils.parity.config import TrainConfig, configure
from grokutils.parity.engine import History, train_epochs
from grokutils.parity.network import network
from grokutils.show.form import Form
from grokutils.show.plots import COLOURS, DASHES, epoch_axis


def training_form() -> Form:
    """Show a form that builds a `TrainConfig`, trains a network and plots it as it goes.

    Returns
    -------
    grokutils.show.form.Form
        Its `results` are a history as of `grokutils.parity.train.train_seed`, up to the present.
    """
    config = TrainConfig()
    settings = asdict(config.task) | asdict(config) | {"seed": 0}
    del settings["task"], settings["dtype"], settings["n_test"]
    settings = {name: str(value) for name, value in settings.items()}
    return Form(settings, _build_run, follow, _draw_run, _describe_run, action="Train")


def _build_run(seed, **texts):
    config = configure(TrainConfig(), **{name: _number(text) for name, text in texts.items()})
    check_integer("seed", _number(seed), at_least=0)
    return config, _number(seed)


def follow(run) -> Iterator[tuple[float, xr.Dataset]]:
    """Train the network of a configuration and a seed; yield the share done and the history.

    The history, as of `grokutils.parity.train.train_seed`, has the epochs so far, from epoch 0 on.
    """
    config, seed = run
    net = network(config, seed)
    history = History(net, range(config.epochs + 1))
    run = history.dataset().assign_attrs(epochs=config.epochs)
    # The generator trains when it is asked for epoch 1, after epoch 0 has been measured.
    for epoch in chain([0], train_epochs(net, config)):
        history.record(net, epoch)
        yield epoch / config.epochs, run.isel(epoch=slice(epoch + 1))


def _draw_run(history, figure):
    left, right = figure.subplots(1, 2)
    for split in history["split"].values:
        curve = history["accuracy"].sel(split=split)
        left.plot(curve.epoch, curve, DASHES[split], color=COLOURS[split], label=split)
    norms = history["weight_norm"].values
    ranking = np.argsort(-norms[-1])
    shown = [*ranking[:20], *ranking[20::20]]  # all thousand would take too long
    right.plot(history["epoch"], norms[:, shown], color=COLOURS["full"], lw=0.6, alpha=0.6)
    for ax in (left, right):
        epoch_axis(ax, history.attrs["epochs"])
    left.set(ylabel="accuracy", ylim=(0, 1.05))
    right.set(ylabel="weight norms (a sample)", ylim=(0, None))
    left.legend(loc="lower right")


def _describe_run(history):
    now = history.isel(epoch=-1)
    train, test = now["accuracy"].values
    return (
        f"Epoch {int(now.epoch)}: train accuracy {train:.2f}, test accuracy {test:.2f}, "
        f"largest weight norm {now['weight_norm'].max():.2f}."
    )


def sweep_form(run, quantity, *, config=None, seeds=3, **axes) -> Form:
    """Show a form that runs all pairs of values of two settings and maps what comes out.

    Parameters
    ----------
    run : callable
        ``run(config, seed)`` returns a dict of numbers, NaN where something did not happen.
    quantity : str
        The number that is mapped, by its name in that dict: the mean over the seeds in which it
        happened, with their number.
    config : TrainConfig, optional
        What the two settings are changed in; the paper's by default.
    seeds : int
        The form's first number of seeds; they are 0, 1, ...
    **axes
        The first values of two fields of the configuration or its task, rows and columns of the
        map: ``n_train=[300, 1000], weight_decay=[0.001, 0.01]``.

    Returns
    -------
    grokutils.show.form.Form
        Its `results` are a Dataset of what `run` returned (the two fields, seed), NaN where a
        run is still to come, and `done`, which says where not.
    """
    config, (rows, columns) = config or TrainConfig(), axes
    texts = {name: ", ".join(map(str, values)) for name, values in axes.items()}

    def build(seeds, **lists):
        lists = {name: _numbers(name, text) for name, text in lists.items()}
        check_integer("seeds", _number(seeds), at_least=1)
        # Seeds outermost, so that the whole map is there early and then gets sharper.
        keys = [
            {rows: row, columns: column, "seed": seed}
            for seed in range(_number(seeds))
            for row in lists[rows]
            for column in lists[columns]
        ]
        return [
            (key, configure(config, **{rows: key[rows], columns: key[columns]})) for key in keys
        ]

    def work(calls):
        shape = {name: list(dict.fromkeys(key[name] for key, _ in calls)) for name in calls[0][0]}
        grid = xr.Dataset(coords=shape)
        for number_done, (key, changed) in enumerate(calls, start=1):
            for name, value in (run(changed, key["seed"]) | {"done": 1}).items():
                if name not in grid:
                    empty = 0 if name == "done" else np.nan
                    grid[name] = tuple(shape), np.full([*map(len, shape.values())], empty)
                grid[name].loc[key] = value
            yield number_done / len(calls), grid

    def describe(grid):
        done = grid["done"]
        return f"{done.sum():.0f} of {done.size} runs: {quantity} by {rows} and {columns}."

    settings = texts | {"seeds": str(seeds)}
    draw = partial(_draw_map, quantity=quantity)
    return Form(settings, build, work, draw, describe, action="Run", figsize=(7, 3.6))


def _draw_map(grid, figure, quantity):
    values, done = grid[quantity], grid["done"].sum("seed").values
    happened, mean = values.notnull().sum("seed").values, values.mean("seed")
    ax = figure.subplots()
    image = ax.imshow(mean, cmap="viridis", aspect="auto")
    box = {"facecolor": "white", "alpha": 0.75, "linewidth": 0}
    for place in zip(*np.nonzero(done), strict=True):
        number = f"{mean.values[place]:.3g}\n" if happened[place] else ""
        label = f"{number}{happened[place]} of {done[place]}"
        ax.text(*place[::-1], label, ha="center", va="center", fontsize=8, bbox=box)
    rows, columns = mean.dims
    ax.set(ylabel=rows, xlabel=columns)
    ax.set_yticks(range(mean.sizes[rows]), mean[rows].values)
    ax.set_xticks(range(mean.sizes[columns]), mean[columns].values)
    figure.colorbar(image, label=quantity)


def _number(text):
    """Return the number that a text says, or the text, which every check refuses by its name."""
    for kind in (int, float):
        with suppress(ValueError):
            return kind(text)
    return text


def _numbers(name, text):
    found = [_number(part.strip()) for part in text.split(",") if part.strip()]
    if not found or len(set(found)) < len(found):
        raise ValueError(f"{name} = {found}: must be different numbers, separated by commas")
    return found

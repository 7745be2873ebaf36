"""Experiments of the reader's own, in a running kernel: settings, a growing picture, a map."""

import html
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import product

import ipywidgets as widgets
import pandas as pd
from matplotlib.figure import Figure

from grokutils.check import check_integer
from grokutils.parity.config import TrainConfig, configure
from grokutils.show.plots import COLOURS, DASHES, fields
from grokutils.show.scrubber import frame, picture

REDRAW = 0.5  # seconds between two drawings, which cost as much as many epochs
PAPER = TrainConfig()
# In JupyterLab a kernel runs, and the note would only be in the way.
NOTE = (
    '<p class="needs-kernel"><b>This form needs a running kernel.</b> Where there is none, as on '
    "a page of the rendered book, its buttons do nothing.</p>"
    "<style>body[data-jp-theme-name] .needs-kernel {display: none}</style>"
)


def curves(table: pd.DataFrame, figure: Figure) -> None:
    """Draw a curve for each column, in the book's colours where they have its names."""
    ax = figure.subplots()
    for name, curve in table.items():
        look = {"color": COLOURS.get(name), "ls": DASHES.get(name, "-"), "label": name}
        ax.plot(curve.index, curve, marker="." if len(curve) < 20 else "", **look)
    ax.set_xlabel(table.index.name)
    ax.legend()


def last_row(table: pd.DataFrame) -> str:
    """Say the last row of a table in words."""
    said = ", ".join(f"{name} {value:.3g}" for name, value in table.iloc[-1].items())
    return f"{table.index.name} {table.index[-1]}: {said}."


class Playground(widgets.interactive):
    """Show settings, and buttons to run what they describe and to stop it.

    The work goes on in a thread, so that cells can be run meanwhile. A new run stops the one
    before.

    Parameters
    ----------
    work : callable
        ``work(**settings)`` yields the share that is done, in [0, 1], and the results so far; it
        can be stopped between two yields. What it raises is said below the settings.
    draw, describe : callable
        ``draw(results, figure)`` draws the results on an empty matplotlib figure, and
        ``describe(results)`` says them in words; by default they are a data frame of curves.
    action : str
        What the button says that starts the work.
    **settings
        First values: a number or text to fill in, or a tuple of words to choose from.
    """

    def __init__(
        self,
        work: Callable[..., Iterator],
        *,
        draw: Callable = curves,
        describe: Callable = last_row,
        action: str = "Run",
        **settings: object,
    ) -> None:
        self.work, self.draw, self.describe = work, draw, describe
        self.results: object = None
        self.thread: threading.Thread | None = None
        self.stopping = threading.Event()
        self.stop = widgets.Button(description="Stop", disabled=True)
        self.bar = widgets.FloatProgress(max=1, layout={"width": "12em"})
        self.status, self.plot = widgets.HTML(), widgets.HTML()
        self.fields = {name: _field(name, value) for name, value in settings.items()}
        super().__init__(self.start, {"manual": True, "manual_name": action}, **self.fields)
        for field in self.fields.values():  # a text would start the work when it is left
            field.unobserve_all("value")
        self.stop.on_click(lambda _: self.stopping.set())
        buttons = widgets.HBox([self.manual_button, self.stop, self.bar])
        below = buttons, self.status, self.plot, self.out
        self.children = [widgets.HTML(NOTE), *self.fields.values(), *below]

    def start(self, **values: object) -> None:
        """Stop what runs and start the work."""
        self.stopping.set()
        self.stopping, self.stop.disabled = threading.Event(), False
        run = self.work(**values), self.stopping, self.thread
        self.thread = thread = threading.Thread(target=self._follow, args=run, daemon=True)
        thread.start()

    def _follow(self, steps, stopping, before):
        if before:
            before.join()
        end, drawn = "Done.", -REDRAW
        try:
            for self.bar.value, self.results in steps:
                if stopping.is_set():
                    end = "Stopped."
                    break
                if time.monotonic() - drawn > REDRAW:
                    self._show("Running.")
                    drawn = time.monotonic()
            self._show(end)
        except Exception as error:  # the reader's settings may ask for anything
            self.status.value = f'<span role="alert">⚠ {html.escape(str(error))}</span>'
        finally:
            self.stop.disabled = stopping is self.stopping

    def _show(self, state):
        words = self.describe(self.results)
        self.status.value = f'<p role="status">{state} {html.escape(words)}</p>'
        self.plot.value = picture(frame(self.draw, self.results, (7, 3.4)), words)


def race_seed(config: TrainConfig, seed: int) -> dict:
    """Race one seed of a configuration."""
    from grokutils.parity.race import network, race, train_epochs  # brings numba and torch

    net = network(config, seed)
    return race(net, train_epochs(net, config))


def sweep(
    quantity: str,
    run: Callable[[TrainConfig, int], dict] = race_seed,
    *,
    config: TrainConfig = PAPER,
    seeds: int = 3,
    **axes: Sequence[float],
) -> Playground:
    """Show a form that runs all pairs of values of two settings and maps what comes out.

    Parameters
    ----------
    quantity : str
        What is mapped: the mean over the seeds in which it is not NaN, with their number.
    run : callable
        ``run(config, seed)`` returns a dict of numbers, `quantity` among them.
    config : TrainConfig
        What the two settings are changed in.
    seeds : int
        First number of seeds.
    **axes
        First values of two fields of the configuration or its task, rows and columns of the map.
    """

    def work(seeds, **texts):
        check_integer("seeds", seeds, at_least=1)
        lists = [_numbers(name, text) for name, text in texts.items()]
        # Seeds outermost, so that the whole map is there early and then gets sharper.
        calls = [dict(zip(axes, pair, strict=True)) for pair in product(*lists)] * seeds
        configs, rows = [configure(config, **call) for call in calls], []
        for place, call in enumerate(calls):
            seed = place * seeds // len(calls)
            rows.append(call | {"seed": seed} | run(configs[place], seed))
            yield len(rows) / len(calls), pd.DataFrame(rows)

    def draw(rows, figure):
        found = rows.groupby(list(axes))[quantity].agg(["mean", "count", "size"])
        said = found.apply(lambda field: "{:.3g}\n{:.0f} of {:.0f}".format(*field), axis=1)
        words = said.str.replace("nan\n", "").unstack(fill_value="")
        means, look = found["mean"].unstack(), {"words": words, "aspect": "auto"}
        image = fields(means, figure.subplots(), tuple(axes), quantity, **look)
        figure.colorbar(image, label=quantity)

    def describe(rows):
        return f"{len(rows)} runs: {quantity} by {' and '.join(axes)}."

    texts = {name: ", ".join(map(str, values)) for name, values in axes.items()}
    return Playground(work, draw=draw, describe=describe, **texts, seeds=seeds)


def _field(name, value):
    look = {"description": name, "style": {"description_width": "8em"}}
    if isinstance(value, tuple):
        return widgets.Dropdown(options=value, **look)
    kinds = {int: widgets.IntText, float: widgets.FloatText, str: widgets.Text}
    return kinds[type(value)](value, **look)


def _numbers(name, text):
    try:
        found = json.loads(f"[{text}]")
    except ValueError:
        found = []
    if not found or len(set(found)) < len(found):
        raise ValueError(f"{name} = {text!r}: must be different numbers, separated by commas")
    return found

"""Figures to scrub: a slider over frames that moves with no kernel, in the rendered page too."""

import base64
import html
import io
from collections.abc import Callable, Iterable
from typing import Any

import ipywidgets as widgets
import pandas as pd
from matplotlib.figure import Figure

from grokutils.show.figure_data import figure_data


class Scrubber(widgets.VBox):
    """A slider over frames, see `scrubber`; `data` has the numbers drawn in each, as CSV."""

    data = ""

    def _repr_csv_(self):
        return self.data


def scrubber(
    draw: Callable[[Any, Figure], None],
    steps: Iterable,
    *,
    name: str,
    describe: Callable[[Any], str],
    figsize: tuple[float, float] = (7, 3.2),
    interval: int = 150,
) -> Scrubber:
    """Show one frame per step, with a slider, a play button and the keyboard's arrow keys.

    Parameters
    ----------
    draw : callable
        ``draw(step, figure)`` draws the frame of a step on an empty matplotlib figure.
    steps : sequence
        What the slider runs over, for example epochs.
    name : str
        Of the slider, for the eye and for screen readers; of the steps' column in the data.
    describe : callable
        ``describe(step)`` says in words what the frame shows: its alt text.
    figsize : tuple of float
        Inches; a frame has 90 pixels to the inch.
    interval : int
        Milliseconds a frame while playing.

    Returns
    -------
    Scrubber
    """
    steps, pictures, numbers = list(steps), [], []
    for step in steps:
        figure = frame(draw, step, figsize)
        pictures.append(widgets.HTML(picture(figure, describe(step))))
        numbers.append(figure_data(figure).drop(columns=name, errors="ignore"))
    frames = widgets.Stack(pictures, selected_index=0)
    play = widgets.Play(min=0, max=len(steps) - 1, interval=interval)
    slider = widgets.SelectionSlider(
        options=[(str(step), place) for place, step in enumerate(steps)],
        description=name,
        style={"description_width": "initial"},
        layout={"width": "70%"},
    )
    widgets.jslink((play, "value"), (slider, "index"))
    widgets.jslink((slider, "index"), (frames, "selected_index"))
    box = Scrubber([widgets.HBox([play, slider]), frames])
    box.data = pd.concat(numbers, keys=steps, names=[name]).droplevel(1).to_csv()
    return box


def frame(draw: Callable, step: object, figsize: tuple[float, float]) -> Figure:
    """Return the drawing of one step, see `scrubber`."""
    # Not pyplot's figure, so that any thread may draw.
    figure = Figure(figsize=figsize, dpi=90, layout="constrained")
    draw(step, figure)
    return figure


def picture(figure: Figure, alt: str) -> str:
    """Return a figure as an HTML image with its alt text."""
    data = io.BytesIO()
    figure.savefig(data, format="webp", dpi=90, pil_kwargs={"quality": 80})
    source = base64.b64encode(data.getvalue()).decode()
    width, height = (round(90 * inches) for inches in figure.get_size_inches())
    # With its size known, a frame takes its place before it is decoded, and the page stands still.
    return (
        f'<img alt="{html.escape(alt)}" src="data:image/webp;base64,{source}" '
        f'width="{width}" height="{height}" style="max-width: 100%; height: auto">'
    )

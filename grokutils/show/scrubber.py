"""Figures to scrub: a slider over frames that moves with no kernel, in the rendered page too."""

import base64
import html
import io

import ipywidgets as widgets
from matplotlib.figure import Figure


def scrubber(draw, steps, *, name, describe, figsize=(7, 3.2), interval=150) -> widgets.VBox:
    """Show one frame per step, with a slider, a play button and the keyboard's arrow keys.

    Parameters
    ----------
    draw : callable
        ``draw(step, figure)`` draws the frame of a step on an empty matplotlib figure.
    steps : sequence
        What the slider runs over, for example epochs.
    name : str
        Of the slider, for the eye and for screen readers.
    describe : callable
        ``describe(step)`` says in words what the frame shows: its alt text.
    figsize : tuple of float
        Inches; a frame has 90 pixels to the inch.
    interval : int
        Milliseconds a frame while playing.

    Returns
    -------
    ipywidgets.VBox
    """
    steps = list(steps)
    frames = widgets.Stack(
        [widgets.HTML(frame(draw, step, describe(step), figsize)) for step in steps],
        selected_index=0,
    )
    play = widgets.Play(min=0, max=len(steps) - 1, interval=interval)
    slider = widgets.SelectionSlider(
        options=[(str(step), place) for place, step in enumerate(steps)],
        description=name,
        style={"description_width": "initial"},
        layout={"width": "70%"},
    )
    widgets.jslink((play, "value"), (slider, "index"))
    widgets.jslink((slider, "index"), (frames, "selected_index"))
    return widgets.VBox([widgets.HBox([play, slider]), frames])


def frame(draw, step, alt, figsize) -> str:
    """Return the drawing of one step, see `scrubber`, as an HTML image with its alt text."""
    # Not pyplot's figure, so that any thread may draw.
    figure = Figure(figsize=figsize, dpi=90, layout="constrained")
    draw(step, figure)
    data = io.BytesIO()
    figure.savefig(data, format="webp", dpi=90, pil_kwargs={"quality": 80})
    source = base64.b64encode(data.getvalue()).decode()
    width, height = (round(90 * inches) for inches in figsize)
    # With its size known, a frame takes its place before it is decoded, and the page stands still.
    return (
        f'<img alt="{html.escape(alt)}" src="data:image/webp;base64,{source}" '
        f'width="{width}" height="{height}" style="max-width: 100%; height: auto">'
    )

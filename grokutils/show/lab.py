"""The live lab as a widget: the paper's network, trained in the reader's browser."""

import anywidget
import traitlets

from lab import sources
from lab.address import presets


class Lab(anywidget.AnyWidget):
    """Show the live lab; display it as a cell's output.

    Parameters
    ----------
    preset : str
        What it starts from, settings or an experiment of the book; `Lab.preset.values` lists
        them.

    Raises
    ------
    traitlets.TraitError
        If there is no such preset.
    """

    _esm = sources.page_source()
    _css = sources.style()
    preset = traitlets.Enum(presets(), default_value="the paper").tag(sync=True)

"""How a notebook shows things by itself: typeset tables, and figures with their data."""

import pandas as pd
from IPython import get_ipython
from IPython.core.formatters import BaseFormatter
from matplotlib.figure import FigureBase
from traitlets import ObjectName, Unicode

from grokutils.show.drawn import as_csv
from grokutils.show.tables import typeset


class CsvFormatter(BaseFormatter):
    """Puts the data of a figure beside its picture; the rendered book offers both."""

    format_type = Unicode("text/csv")
    print_method = ObjectName("_repr_csv_")


def use_displays() -> None:
    """Set them, if this is a notebook."""
    if not (shell := get_ipython()):
        return
    display = shell.display_formatter
    for kind in (pd.DataFrame, pd.Series):
        display.formatters["text/html"].for_type(kind, typeset)
    csv = display.formatters["text/csv"] = CsvFormatter(parent=display)
    csv.for_type(FigureBase, as_csv)  # what is set for Figure is lost when a backend starts
    display.active_types = list(display.formatters)

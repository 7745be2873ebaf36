"""Forms for a running kernel: settings with what is wrong beside them, progress, a growing plot."""

import html
import re
import threading
import time

import ipywidgets as widgets

from grokutils.show.scrubber import frame, picture

REDRAW = 0.5  # seconds between two drawings, which cost as much as many epochs
NO_FIELD = ""  # whose fault is an error that names none
# In JupyterLab a kernel runs, and the note would only be in the way.
NOTE = (
    '<p class="needs-kernel"><b>This form needs a running kernel.</b> Where there is none, as on '
    "a page of the rendered book, its buttons do nothing.</p>"
    "<style>body[data-jp-theme-name] .needs-kernel {display: none}</style>"
)


class Form(widgets.VBox):
    """Show settings to fill in, and buttons to run what they describe and to stop it.

    The work goes on in a thread, so that cells can be run meanwhile.

    Parameters
    ----------
    settings : dict
        Name and first value of each field, as text.
    build : callable
        ``build(**texts)`` makes of the fields' texts what `work` takes, or raises a ValueError
        whose first word is the name of the field that is wrong. If it is no field's name, the
        error shows below all fields.
    work : callable
        ``work(built)`` yields the share that is done, in [0, 1], and the results so far. The
        form can stop between two yields.
    draw : callable
        ``draw(results, figure)`` draws the results on an empty matplotlib figure.
    describe : callable
        ``describe(results)`` says them in words: the status, and the plot's alt text.
    action : str
        What the button says that starts the work.
    figsize : tuple of float

    Attributes
    ----------
    results
        The last ones that `work` yielded, or None.
    """

    def __init__(self, settings, build, work, draw, describe, *, action, figsize=(8, 3.2)) -> None:
        self.first_values, self.build, self.work = settings, build, work
        self.draw, self.describe, self.figsize = draw, describe, figsize
        self.results, self.thread, self.stopping = None, None, threading.Event()
        self.fields = {name: _field(name, text) for name, text in settings.items()}
        self.faults = {name: widgets.HTML() for name in [*settings, NO_FIELD]}
        self.start = widgets.Button(description=action, button_style="primary")
        self.stop = widgets.Button(description="Stop", disabled=True)
        self.bar = widgets.FloatProgress(max=1, layout={"width": "12em"})
        self.status, self.plot = widgets.HTML(), widgets.HTML()
        for field in self.fields.values():
            field.observe(self.check, "value")
        self.start.on_click(self.run)
        self.stop.on_click(lambda _: self.stopping.set())
        rows = [_row(self.fields[name], self.faults[name]) for name in settings]
        buttons = _row(self.start, self.stop, self.bar)
        below = self.faults[NO_FIELD], buttons, self.status, self.plot
        super().__init__([widgets.HTML(NOTE), *rows, *below])

    def check(self, _=None) -> object:
        """Show beside each field what is wrong with it; return what the settings build, or None."""
        texts = {name: field.value for name, field in self.fields.items()}
        built, found = None, {}
        while built is None:
            try:
                built = self.build(**texts)
            except ValueError as error:
                name = re.match(r"\w*", str(error))[0]
                if name in found:  # wrong only beside another field's value
                    break
                if name not in self.fields:
                    found[NO_FIELD] = str(error)
                    break
                found[name] = str(error)
                texts[name] = self.first_values[name]  # to see whether another is wrong, too
        for name, fault in self.faults.items():
            fault.value = _alert(found[name]) if name in found else ""
        return None if found else built

    def run(self, _=None) -> None:
        """Start the work, unless a setting is wrong or it is under way."""
        if self.start.disabled:  # a second click, made before the browser knew
            return
        built = self.check()
        if built is None:
            self.status.value = _alert("A setting is wrong; see beside the fields.")
            return
        self.stopping.clear()
        self.start.disabled, self.stop.disabled = True, False
        self.thread = threading.Thread(target=self._work, args=(built,), daemon=True)
        self.thread.start()

    def _work(self, built):
        end, share, drawn = "Done.", 0, -REDRAW
        try:
            for share, results in self.work(built):
                self.results = results
                if self.stopping.is_set():
                    end = "Stopped."
                    break
                if time.monotonic() - drawn > REDRAW:
                    self._show("", share)
                    drawn = time.monotonic()
            self._show(end, share)
        except Exception as error:  # the reader's settings may ask for anything
            self.status.value = _alert(f"Failed: {error}")
        finally:
            self.start.disabled, self.stop.disabled = False, True

    def _show(self, state, share):
        words = self.describe(self.results)
        self.bar.value = share
        self.status.value = f'<p role="status">{state} {html.escape(words)}</p>'
        self.plot.value = picture(frame(self.draw, self.results, self.figsize), words)


def _row(*parts):
    return widgets.HBox(parts, layout={"flex_flow": "row wrap"})  # for a phone


def _field(name, text):
    return widgets.Text(
        text,
        description=name,
        continuous_update=False,
        style={"description_width": "7em"},
        layout={"width": "18em", "flex": "none"},
    )


def _alert(text):
    return f'<span role="alert">⚠ {html.escape(text)}</span>'

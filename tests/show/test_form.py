"""Forms: what is wrong shows beside its field; work runs beside the kernel, stops and may fail."""

import threading

from grokutils.check import check_integer
from grokutils.show import form as forms
from grokutils.show.form import Form


def build(**texts):
    numbers = {name: int(text) if text.isdigit() else text for name, text in texts.items()}
    check_integer("low", numbers["low"], at_least=1)
    check_integer("high", numbers["high"], at_least=numbers["low"])
    return numbers["low"], numbers["high"]


def form(work):
    return Form(
        {"low": "1", "high": "3"},
        build,
        work,
        draw=lambda number, figure: figure.text(0.5, 0.5, str(number)),
        describe=lambda number: f"at <{number}>",
        action="Count",
    )


def count(ends):
    low, high = ends
    for number in range(low, high + 1):
        yield (number - low + 1) / (high - low + 1), number


def faults(shown):
    return {name: fault.value for name, fault in shown.faults.items() if fault.value}


def test_every_wrong_field_says_so_beside_it_until_it_is_mended():
    shown = form(count)
    shown.fields["low"].value = "<b>"
    assert list(faults(shown)) == ["low"]
    assert "low = &#x27;&lt;b&gt;&#x27;: must be an integer" in faults(shown)["low"]
    shown.fields["high"].value = "-1"
    assert list(faults(shown)) == ["low", "high"]
    shown.start.click()
    assert "wrong" in shown.status.value
    assert shown.thread is None  # nothing ran
    shown.fields["low"].value, shown.fields["high"].value = "5", "4"
    assert "high = 4: must be an integer of at least 5" in faults(shown)["high"]
    shown.fields["high"].value = "6"
    assert faults(shown) == {}


def test_an_error_about_no_field_shows_too_and_nothing_runs():
    shown = form(count)
    shown.build = forbid_six
    shown.fields["high"].value = "5"
    assert faults(shown) == {"": shown.faults[""].value}
    assert "sum = 6: must not be 6" in shown.faults[""].value
    assert shown.faults[""] in shown.children
    shown.start.click()
    assert "wrong" in shown.status.value
    assert shown.thread is None
    shown.fields["low"].value = "x"  # a field's own fault goes before
    assert list(faults(shown)) == ["low", ""]
    shown.fields["high"].value, shown.fields["low"].value = "6", "1"
    assert faults(shown) == {}


def forbid_six(**texts):
    low, high = build(**texts)
    if low + high == 6:
        raise ValueError("sum = 6: must not be 6")
    return low, high


def test_two_quick_clicks_start_one_thread():
    go, begun = threading.Event(), []

    def work(_):
        begun.append(threading.current_thread())
        go.wait(60)
        yield 1, 1

    shown = form(work)
    shown.start.click()
    first = shown.thread
    shown.start.click()  # the browser had not yet heard that the button is disabled
    assert shown.thread is first
    go.set()
    first.join(60)
    assert begun == [first]
    shown.start.click()
    shown.thread.join(60)
    assert len(begun) == 2  # and once it is done it can be started again


def test_a_run_ends_with_its_results_drawn_and_described():
    shown = form(count)
    shown.fields["high"].value = "7"
    shown.start.click()
    shown.thread.join()
    assert shown.results == 7
    assert shown.bar.value == 1
    assert "Done. at &lt;7&gt;" in shown.status.value
    assert 'alt="at &lt;7&gt;" src="data:image/webp' in shown.plot.value
    assert (shown.start.disabled, shown.stop.disabled) == (False, True)


def test_the_plot_grows_and_stop_stops(monkeypatch):
    monkeypatch.setattr(forms, "REDRAW", 0)
    go, drawn = threading.Semaphore(0), []

    def work(_):
        for number in range(1000):
            go.acquire(timeout=60)
            yield 0, number

    shown = form(work)
    for _ in range(2):  # and can be started again
        drawn.clear()
        shown.plot.observe(lambda change: drawn.append(change.new), "value")
        shown.start.click()
        assert (shown.start.disabled, shown.stop.disabled) == (True, False)
        go.release(5)
        while len(drawn) < 5:
            assert shown.thread.is_alive()
        assert len(set(drawn)) == 5  # a new picture each time
        shown.stop.click()
        go.release()
        shown.thread.join(60)
        assert shown.results == 5
        assert "Stopped. at &lt;5&gt;" in shown.status.value
        shown.plot.unobserve_all()


def test_a_failure_is_told():
    def work(_):
        yield 0, 1
        raise FloatingPointError("diverged after epoch 1")

    shown = form(work)
    shown.start.click()
    shown.thread.join()
    assert "Failed: diverged after epoch 1" in shown.status.value
    assert not shown.start.disabled


def test_it_begins_by_saying_that_it_needs_a_kernel():
    assert "needs a running kernel" in form(count).children[0].value

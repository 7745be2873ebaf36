"""The live lab's page in a real browser: it keeps anywidget's contract, render({model, el})."""

import json
from itertools import pairwise

import pytest
import traitlets

from grokutils.lab import Lab, page_source
from grokutils.parity.config import TrainConfig

PAGE = """<!doctype html><html lang="en" data-theme="light"><meta charset="utf-8"><title>lab</title>
<style>%(css)s</style><div id="a"></div><div id="b"></div><script>
const url = URL.createObjectURL(new Blob([%(source)s], { type: "text/javascript" }));
const model = (preset) => ({ get: () => preset, set() {}, on() {}, save_changes() {} });
window.show = async (where, preset) => {
  const lab = (await import(url)).default;
  return lab.render({ model: model(preset), el: document.getElementById(where) });
};
</script>"""


@pytest.fixture
def page(chromium, tmp_path):
    """Open the empty page from a file, and see that nothing fails or leaves it."""
    source = json.dumps(page_source()).replace("</", "<\\/")
    (tmp_path / "lab.html").write_text(PAGE % {"css": Lab._css, "source": source}, encoding="utf-8")
    opened, faults, requests = chromium.new_page(), [], []
    opened.on("console", lambda message: faults.append(message.text))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("request", lambda request: requests.append(request.url))
    opened.goto((tmp_path / "lab.html").as_uri())
    yield opened
    opened.close()
    assert not faults
    assert not [url for url in requests if not url.startswith(("file:", "blob:"))]


def show(page, preset="narrow", where="a"):
    page.evaluate("([where, preset]) => { show(where, preset); }", [where, preset])
    lab = page.locator(f"#{where}")
    lab.get_by_text("Ready. Epoch 0:").wait_for()
    return lab


def status(lab):
    return lab.locator(".gl-status").inner_text()


def epoch(lab):
    return int(lab.locator("dd").first.inner_text().split()[0].replace(",", ""))


def press(lab, name):
    lab.get_by_role("button", name=name, exact=True).click()


def stopped(lab, timeout=60_000):
    lab.locator("section[data-running=false]").wait_for(timeout=timeout)


def running(lab):
    lab.locator("section[data-running=true]").wait_for()


def change(lab, field, value):
    box = lab.locator(f"[name={field}]")
    box.fill(str(value))
    box.blur()
    return box


def test_the_papers_network_groks_and_the_page_stays_responsive(chromium, page):
    lab = show(page, "the paper")
    assert "1000 of 1000 neurons" in status(lab)
    chromium.start_tracing(page=page, categories=["disabled-by-default-devtools.timeline"])
    press(lab, "Train")
    running(lab)
    stopped(lab, 600_000)
    tasks = main_thread_tasks(json.loads(chromium.stop_tracing()))
    tiles = lab.locator("dd").all_inner_texts()
    assert epoch(lab) == 300
    assert tiles[1:3] == ["100 %", "100 %"]
    assert 1 <= int(tiles[3].split()[0]) <= 20
    assert "It generalized at epoch" in status(lab)
    assert len(tasks) > 100
    assert max(tasks) < 100


def main_thread_tasks(trace):
    """Return the milliseconds of processor time, which others' load does not lengthen."""
    events = trace["traceEvents"]
    (main,) = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    } & {(event["pid"], event["tid"]) for event in events if event["name"] == "FireAnimationFrame"}
    return [
        event["tdur"] / 1000
        for event in events
        if event["name"] == "RunTask" and (event["pid"], event["tid"]) == main
    ]


def test_one_epoch_pause_and_reset(page):
    lab = show(page)
    fresh = status(lab)
    press(lab, "One epoch")
    lab.get_by_text("Paused. Epoch 1:").wait_for()
    first = status(lab)
    assert first.split(":")[1] != fresh.split(":")[1]
    change(lab, "epochs", 100_000)
    press(lab, "Train")
    page.wait_for_function("parseInt(document.querySelector('dd').textContent) > 5")
    press(lab, "Pause")
    stopped(lab)
    held = epoch(lab)
    assert held > 5
    page.wait_for_timeout(400)
    assert epoch(lab) == held
    press(lab, "Train")
    page.wait_for_function(f"parseInt(document.querySelector('dd').textContent) > {held}")
    press(lab, "Reset")
    lab.get_by_text("Ready. Epoch 0:").wait_for()
    assert status(lab) == fresh
    press(lab, "One epoch")
    lab.get_by_text("Paused. Epoch 1:").wait_for()
    assert status(lab) == first  # the same seed, the same run


def test_a_finished_run_starts_again(page):
    lab = show(page)
    change(lab, "epochs", 3)
    press(lab, "Train")
    lab.get_by_text("Done. Epoch 3:").wait_for()
    once = status(lab)
    lab.locator(".gl-status").evaluate("element => { element.textContent = ''; }")
    press(lab, "Train again")
    lab.get_by_text("Done. Epoch 3:").wait_for()
    assert status(lab) == once


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("width", "0", "Neurons (width) must be a whole number from 1 to 20,000."),
        ("k_relevant", "41", "must be a whole number from 1 to 40, the number of bits."),
        ("batch_size", "1.5", "Batch size must be a whole number"),
        ("lr", "0", "Learning rate must be a number above 0 and at most 10."),
        ("weight_decay", "-0.1", "Weight decay must be a number from 0"),
        ("seed", "", "Seed must be a whole number from 0"),
        ("n_train", "many", "Training samples must be a whole number"),
        ("epochs", "1e9", "Epochs must be a whole number from 1 to 100,000."),
    ],
)
def test_a_bad_setting_is_refused_beside_its_field(page, field, value, message):
    lab = show(page)
    good = lab.locator(f"[name={field}]").input_value()
    box = change(lab, field, value)
    assert box.get_attribute("aria-invalid") == "true"
    told = page.locator(f"#{box.get_attribute('aria-describedby')}")
    assert message in told.inner_text()
    assert message in status(lab)
    press(lab, "Train")
    assert page.evaluate("document.activeElement.name") == field
    page.wait_for_timeout(150)
    assert epoch(lab) == 0  # nothing ran
    change(lab, field, good)
    assert box.get_attribute("aria-invalid") is None
    assert told.inner_text() == ""
    press(lab, "One epoch")
    lab.get_by_text("Paused. Epoch 1:").wait_for()


def test_an_enormous_setting_says_its_cost_first(page):
    lab = show(page)
    ask = lab.locator(".gl-ask")
    assert not ask.is_visible()
    change(lab, "width", 20_000)
    assert ask.is_visible()
    assert "16,000 steps" in ask.inner_text()  # 500 epochs of 32
    assert "MB of memory" in ask.inner_text()
    press(lab, "Train")
    page.wait_for_timeout(150)
    assert epoch(lab) == 0
    press(lab, "Go back")
    assert lab.locator("[name=width]").input_value() == "20"
    assert not ask.is_visible()
    change(lab, "width", 300)
    assert not ask.is_visible()
    change(lab, "epochs", 100_000)
    assert "3,200,000 steps" in ask.inner_text()
    press(lab, "Use these settings")
    assert not ask.is_visible()
    press(lab, "Train")
    page.wait_for_function("parseInt(document.querySelector('dd').textContent) > 0")


def test_a_diverging_run_says_so_and_can_be_reset(page):
    lab = show(page)
    change(lab, "lr", 10)
    change(lab, "weight_decay", 10)
    press(lab, "Train")
    lab.get_by_text("Stopped: weights are not finite after epoch").wait_for()
    change(lab, "lr", 0.1)
    lab.get_by_text("Ready. Epoch 0:").wait_for()


def test_two_labs_do_not_interfere_and_closing_ends_the_worker(page):
    page.evaluate(
        """() => {
        window.ended = 0;
        const end = Worker.prototype.terminate;
        Worker.prototype.terminate = function () { ended += 1; end.call(this); };
        }"""
    )
    page.evaluate("async () => { window.close_ = await show('a', 'narrow'); }")
    first, second = page.locator("#a"), show(page, "too little data", "b")
    first.get_by_text("Ready. Epoch 0:").wait_for()
    press(second, "One epoch")
    second.get_by_text("Paused. Epoch 1:").wait_for()
    assert epoch(first) == 0
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))
    assert page.evaluate("() => { close_(); return ended; }") == 1
    press(second, "One epoch")
    second.get_by_text("Paused. Epoch 2:").wait_for()


def test_it_pauses_while_the_page_is_hidden(page):
    lab = show(page)
    change(lab, "epochs", 100_000)
    press(lab, "Train")
    running(lab)
    hide = """(hidden) => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, True)
    stopped(lab)
    page.evaluate(hide, False)
    running(lab)


def test_with_reduced_motion_nothing_slides_and_drawings_change_once_a_second(page):
    page.emulate_media(reduced_motion="reduce")
    lab = show(page)
    durations = "all => [...new Set(all.map((e) => getComputedStyle(e).transitionDuration))]"
    assert lab.locator("button, span").evaluate_all(durations) == ["0s"]
    page.evaluate(
        """() => {
        window.drawn = [];
        const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind) {
          if (this.closest(".gl-accuracy")) drawn.push(performance.now());
          return get.call(this, kind);
        };
        }"""
    )
    change(lab, "epochs", 100_000)
    press(lab, "Train")
    running(lab)
    page.evaluate("() => { drawn.length = 0; }")
    page.wait_for_function("drawn.length >= 5")
    times = page.evaluate("drawn")
    # A timer is never early; the first drawing may still be the one that shows the start.
    assert min(b - a for a, b in pairwise(times[1:])) > 900
    page.emulate_media(reduced_motion="no-preference")
    assert lab.locator("button").evaluate_all(durations) != ["0s"]


def test_presets_by_keyboard(page):
    lab = show(page, "the paper")
    names = lab.get_by_role("radio").evaluate_all("all => all.map((radio) => radio.value)")
    assert names == list(Lab.preset.values)
    lab.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    assert lab.locator("[name=weight_decay]").input_value() == "0"
    page.keyboard.press("ArrowLeft")
    shown = {
        box.get_attribute("name"): box.input_value() for box in lab.get_by_role("textbox").all()
    }
    paper = TrainConfig()
    assert {name: float(value) for name, value in shown.items()} == {
        "n_bits": paper.task.n_bits,
        "k_relevant": paper.task.k_relevant,
        "n_train": paper.task.n_train,
        "width": paper.width,
        "lr": paper.lr,
        "weight_decay": paper.weight_decay,
        "batch_size": paper.batch_size,
        "seed": 0,
        "epochs": paper.epochs,
    }
    change(lab, "seed", 5)
    assert lab.locator(":checked").count() == 0  # no longer a preset


def test_the_widget_takes_only_presets_there_are():
    assert Lab(preset="k = 4").preset == "k = 4"
    with pytest.raises(traitlets.TraitError, match="preset"):
        Lab(preset="k = 5")

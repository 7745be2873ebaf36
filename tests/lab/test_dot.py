"""A dot of one's own: the page's run is the table's row, and the page asks, trains and keeps it."""

import json
import math

import pandas as pd
import pytest

from experiments.decides.law_line import FROZEN, predicted
from experiments.tables.law_waits import HORIZONS, measure
from lab import sources
from lab.address import RULES, check_dot
from lab.widgets import dot

LINE = {name: FROZEN["line"][name] for name in ("constant", "n_train", "n_bits", "power")}
WAITS = "worker/waiter dot/waits shared/rules page/settings"
FOLLOW = """const [asked, horizon] = given, settings = settingsOf(asked, horizon);
const { epoch, events } = await new Promise((end) => {
  const waiter = new Waiter({ settings }, (told) => {
    if (!told.done) return;
    waiter.turns.port.port1.close(); // else Node would wait for another message
    end(told);
  });
});
tell({ ...events, epoch, steps: stepsIn(horizon), ...waitOf(settings, events, epoch) });"""


@pytest.mark.parametrize(
    ("n_bits", "n_train", "k_relevant", "ticks", "is_done"),
    [(20, 100, 2, 8, True), (16, 400, 3, 8, True), (16, 576, 4, 8, True), (20, 300, 3, 0.5, False)],
)
def test_the_pages_run_is_the_tables_row(node, n_bits, n_train, k_relevant, ticks, is_done):
    asked = {"n_bits": n_bits, "n_train": n_train, "k_relevant": k_relevant, "seed": 7}
    found = node(WAITS, FOLLOW, [asked, ticks])
    row = measure(n_bits, n_train, k_relevant, found["steps"], 7)
    for event in ("memorization", "generalization"):
        epoch = row[f"{event}_epoch"]
        assert found[event] == (None if math.isnan(epoch) else epoch)
    an_epoch = math.ceil(n_train / 32) / 1000
    assert (found["generalization"] is not None) == is_done
    assert found["memorization"] is not None
    if is_done:
        waited = found["generalization"] - found["memorization"]
        assert waited > 0
        assert found["delay_ticks"] == pytest.approx(waited * an_epoch)
        assert found["later_than"] is None
    else:
        followed = row["last_epoch"] - found["memorization"]
        assert found["later_than"] == pytest.approx(followed * an_epoch)
        assert found["delay_ticks"] is None


READ = """tell(given.map((query) => {
  const { texts, faults } = readDot(query), n_bits = parsed(texts.n_bits ?? "30");
  const wrong = Object.keys(texts).filter((name) =>
    fault(name, texts[name], { n_bits }, DOT_FIELDS));
  return [...faults, ...wrong].length === 0;
}));"""


def test_python_and_the_page_take_and_refuse_the_same_dots(node):
    fields = RULES["dot"]
    queries = ["", "n_bits=30&n_train=1000&k_relevant=3&seed=7", "n_bits=160&n_train=6000"]
    queries += [
        f"{name}={rule[end] + step}"
        for name, rule in fields.items()
        for end in ("least", "most")
        for step in (-1, 0, 1)
    ]
    queries += ["n_bits=30&n_bits=30", "lr=0.1", "seed=x", "n_train=1.5", "toString=1", "seed="]

    def taken(query):
        try:
            check_dot(query)
        except ValueError:
            return False
        return True

    found = [taken(query) for query in queries]
    assert found == node(WAITS, READ, queries)
    assert found[:3] == [True] * 3
    assert sum(found) == 3 + 2 * 2 * len(fields)


def test_a_dot_can_go_as_far_as_the_laws_settings():
    settings = [*FROZEN["line"]["old"], *FROZEN["line"]["new"], *FROZEN["line"]["ratio"]]
    for n_bits, n_train, *_ in settings:
        check_dot(f"n_bits={n_bits}&n_train={n_train}")
    for k_relevant in HORIZONS:
        check_dot(f"k_relevant={k_relevant}")


@pytest.mark.parametrize("k_relevant", [2, 3])
@pytest.mark.parametrize(("n_bits", "n_train"), [(30, 1000), (160, 6000), (40, 300)])
def test_the_answers_share_out_every_wait(node, n_bits, n_train, k_relevant):
    asked = {"n_bits": n_bits, "n_train": n_train, "k_relevant": k_relevant}
    script = """const answers = Object.values(answersOf(...given)).filter(([, band]) => band);
    tell([foretold(given[0], given[1]), answers.map(([, band]) => band),
      [0, 0.3, 1.1, 7, 20, 47, null].map((delay) =>
        answers.filter(([, band]) => cameTrue(band, delay)).length)]);"""
    middle, bands, hits = node(WAITS, script, [LINE, asked, 48])
    assert middle == pytest.approx(predicted(LINE, n_bits, n_train))
    assert bands[0][0] == 0
    assert bands[-1] == [48, None]  # JSON's null stands for infinity
    assert hits == [1] * 7


@pytest.mark.parametrize(
    ("events", "guess", "said"),
    [
        ([20, 45], [0.1, 2], "waited 0.8 ticks (25 epochs), as you predicted."),
        ([20, 45], [2, 48], "and you predicted 2 to 48."),
        ([20, None], [0.1, 2], "not generalized by epoch 90: waited more than 2.2 ticks, and"),
        ([20, None], [48, math.inf], "as you predicted."),
        ([None, None], None, "not memorized by epoch 90, not generalized by epoch 90: waited"),
        ([9, 9], [0, 0.1], "generalized at 9: did not wait, as you predicted."),
    ],
)
def test_what_came_is_said_beside_the_prediction(node, events, guess, said):
    script = """const [[memorization, generalization], guess] = given, last = 90;
    const events = { memorization, generalization }, n_train = 1000;
    const band = guess && [guess[0], guess[1] ?? Infinity];
    tell(told({ n_train, ...events, last, guess: band, ...waitOf({ n_train }, events, last) }));"""
    ends = guess and [None if math.isinf(end) else end for end in guess]
    assert said in node(WAITS, script, [events, ends])


POINTS = pd.DataFrame(
    {
        "n_bits": [20, 40, 60, 40],
        "n_train": [500, 1000, 1500, 500],
        "k_relevant": [3, 3, 3, 4],
        "delay_ticks": [0.8, 3.0, 0.0, math.inf],
        "later_than": [math.nan] * 3 + [47.5],
    }
)


def test_points_and_line_are_told_to_the_page():
    widget = dot(POINTS, LINE | {"rms": 0.1}, HORIZONS)
    assert [point["delay_ticks"] for point in widget.points] == [0.8, 3.0, 0.0, None]
    assert widget.points[3]["later_than"] == 47.5
    assert widget.line == LINE
    assert widget.horizons == {str(k): float(ticks) for k, ticks in HORIZONS.items()}
    with pytest.raises(ValueError, match="delay_ticks"):
        dot(POINTS.drop(columns="delay_ticks"), LINE, HORIZONS)
    with pytest.raises(ValueError, match="power"):
        dot(POINTS, {"constant": 1, "n_train": 1, "n_bits": 1}, HORIZONS)
    with pytest.raises(ValueError, match="k_relevant"):
        dot(POINTS, LINE, {7: 48})


PAGE = """<!doctype html><html lang="en" data-theme="light"><meta charset="utf-8"><title>dot</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>%(css)s</style><div id="a"></div><script>
const url = URL.createObjectURL(new Blob([%(source)s], { type: "text/javascript" }));
import(url).then(({ default: widget }) => widget.render({
  model: { get: (name) => (%(state)s)[name] }, el: document.getElementById("a") }));
</script>"""


@pytest.fixture
def opened(chromium, tmp_path):
    """Open a page with a dot of one's own from a disk, on a phone, and see that nothing fails."""
    widget = dot(POINTS, LINE, {2: 24, 3: 0.05, 4: 48})
    state = {name: getattr(widget, name) for name in ("points", "line", "horizons")}
    source = json.dumps(sources.page_source("dot")).replace("</", "<\\/")
    file = tmp_path / "law.html"
    text = PAGE % {"css": sources.style(), "source": source, "state": json.dumps(state)}
    file.write_text(text, encoding="utf-8")
    tab, faults = chromium.new_page(viewport={"width": 390, "height": 844}), []
    tab.on("console", lambda line: faults.append(line.text))
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on(
        "request",
        lambda r: r.url.startswith(("file:", "blob:", "data:")) or faults.append(r.url),
    )

    def at(query=""):
        tab.goto(file.as_uri() + query)
        tab.locator("path[data-k]").first.wait_for()
        return tab

    yield at
    tab.close()
    assert not faults


def test_a_dot_is_put_on_the_picture_by_keyboard_and_kept(opened):
    tab = opened("?n_bits=20&n_train=100&k_relevant=2&seed=7")
    assert "Set up as the link says" in tab.locator(".gl-status").inner_text()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    marks = tab.locator("path[data-k]")
    assert marks.count() == len(POINTS)
    tab.locator("[name=seed]").focus()
    tab.keyboard.press("Enter")
    tab.get_by_text("First your prediction").wait_for()
    tab.keyboard.press("Space")  # the first answer has the focus
    tab.keyboard.press("Enter")
    tab.locator(".gl-status", has_text="Dot 1: memorized at epoch").wait_for(timeout=60_000)
    assert marks.count() == len(POINTS) + 1
    said = tab.locator(".gl-kept li").inner_text()
    row = measure(20, 100, 2, 24_000, 7)
    assert f"memorized at epoch {row['memorization_epoch']:.0f}" in said
    assert f"generalized at {row['generalization_epoch']:.0f}" in said
    assert "measure(20, 100, 2, 24000, 7)" in said
    tab.get_by_role("link", name="Run it again").click()
    tab.locator("path[data-k]").first.wait_for()
    assert tab.locator("path[data-k]").count() == len(POINTS) + 1  # kept while the tab is open
    assert tab.locator("[name=seed]").input_value() == "7"
    tab.get_by_role("button", name="Clear my dots").click()
    assert marks.count() == len(POINTS)


def test_a_run_that_is_not_done_points_up_and_one_that_is_stopped_leaves_no_dot(opened):
    tab = opened("?n_bits=20&n_train=300")
    tab.get_by_role("radio", name="I would rather see").check()
    tab.get_by_role("button", name="Train it").click()
    tab.locator(".gl-status", has_text="not generalized by epoch 5").wait_for(timeout=60_000)
    assert tab.locator(".gl-predicted").count() == 0
    tab.locator("[name=k_relevant]").select_option("4")
    tab.get_by_role("radio", name="not by tick 48").check()
    tab.get_by_role("button", name="Train it").click()
    tab.get_by_role("button", name="Stop").click()
    tab.locator(".gl-status", has_text="leaves no dot").wait_for()
    assert tab.locator(".gl-kept li").count() == 1


def test_what_cannot_be_trained_is_said_at_its_field(opened):
    tab = opened("?n_bits=161&colour=red")
    assert "“colour” is no setting of a dot." in tab.locator(".gl-status").inner_text()
    fault = tab.locator("[data-field=n_bits] .gl-fault")
    assert "from 8 to 160" in fault.inner_text()
    tab.get_by_role("button", name="Train it").click()
    assert tab.locator("[name=n_bits]").evaluate("box => box === document.activeElement")

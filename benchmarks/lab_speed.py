"""Print how many steps a second the live lab makes, beside a plain loop in the same process.

Usage: python -m benchmarks.lab_speed

The paper's setting, under Node and in a worker in a browser, whichever is there. The two take
turns and the fastest turn of each counts, since others may use the machine. Then the lab itself
in a page, with its drawings: until when it groks, for how long it keeps the page busy, what two
runs at once make of two cores, and the memory that ten seeds take.
"""

import json
import re
import shutil
import subprocess
import time
from pathlib import Path

from course.build import browser
from lab.sources import page_source, style, worker_source

COMPARE = """
const paper = { n_bits: 40, k_relevant: 3, n_train: 1000, n_test: 100, width: 1000, lr: 0.1,
  weight_decay: 0.01, batch_size: 32, seed: 0, label_noise: 0, initial_scale: 1 };
const settings = engineSettings(paper);

// One step as first written down: neuron by neuron, bit by bit, sample by sample.
function plainStep({ W, b, u }, inputs, labels, { nBits, width, lr, weightDecay }) {
  const count = labels.length, active = new Float64Array(count * width);
  const slopes = labels.map((y, s) => {
    let output = 0;
    for (let j = 0; j < width; j++) {
      let sum = b[j];
      for (let i = 0; i < nBits; i++) sum += W[j * nBits + i] * inputs[s * nBits + i];
      active[s * width + j] = Math.max(0, sum);
      output += u[j] * Math.max(0, sum);
    }
    return y * output < 1 ? -y / count : 0;
  });
  for (let j = 0; j < width; j++) {
    const dW = new Float64Array(nBits);
    let db = 0, du = 0;
    for (let s = 0; s < count; s++) {
      if (!(active[s * width + j] > 0)) continue;
      du += slopes[s] * active[s * width + j];
      db += slopes[s] * u[j];
      for (let i = 0; i < nBits; i++) dW[i] += slopes[s] * u[j] * inputs[s * nBits + i];
    }
    for (let i = 0; i < nBits; i++) {
      W[j * nBits + i] -= lr * (dW[i] + weightDecay * W[j * nBits + i]);
    }
    b[j] -= lr * (db + weightDecay * b[j]);
    u[j] -= lr * (du + weightDecay * u[j]);
  }
}

function compare(turns = 12, steps = 30) {
  const { nBits, width, batchSize } = settings;
  const signs = (length) => new Float64Array(length).map(() => (Math.random() < 0.5 ? -1 : 1));
  const draw = (length) => new Float64Array(length).map(() => (2 * Math.random() - 1) / 6);
  const plain = { W: draw(width * nBits), b: draw(width), u: draw(width).map((v) => v / 5) };
  const inputs = signs(batchSize * nBits), run = newRun(paper), fastest = {};
  const time = (name, work) => {
    const start = performance.now();
    for (let i = 0; i < steps; i++) work();
    const rate = (1000 * steps) / (performance.now() - start);
    fastest[name] = Math.max(fastest[name] ?? 0, rate);
  };
  for (let turn = 0; turn < turns; turn++) {
    // New labels each time: learned samples would have no gradient, and no work.
    time("plain", () => plainStep(plain, inputs, signs(batchSize), settings));
    time("lab", () => run.step());
  }
  const started = performance.now(), whole = newRun(paper);
  while (whole.epoch < 150) {
    whole.step();
    if (whole.position === 0 && isMeasured(whole.epoch)) whole.measure();
  }
  return { ...fastest, seconds: (performance.now() - started) / 1000 };
}
"""
PAGE = """<!doctype html><style>%s</style><div id="lab"></div><script>
window.tasks = [0];
new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)))
  .observe({ type: "longtask" });
const url = URL.createObjectURL(new Blob([%s], { type: "text/javascript" }));
const model = { get: () => "the paper" };
import(url).then((lab) => lab.default.render({ model, el: document.getElementById("lab") }));
</script>"""
MINUTES = 600_000  # milliseconds to wait at most


def show(where, told):
    """Print one line of results."""
    print(
        f"{where:8}: lab {told['lab']:5.0f} steps a second, plain loop {told['plain']:4.0f}, "
        f"ratio {told['lab'] / told['plain']:.1f}; 150 epochs, measured, {told['seconds']:.1f} s"
    )


def under_node(node):
    """Return the comparison's results under Node."""
    script = worker_source() + COMPARE + "console.log(JSON.stringify(compare()));"
    return json.loads(subprocess.check_output([node, "-"], input=script, text=True))


def in_browser():
    """Return the comparison's results in a worker of an empty page; show the lab's beside."""
    with browser.started() as chromium:
        told = chromium.new_page().evaluate(
            """(source) => new Promise((resolve) => {
            const worker = new Worker(URL.createObjectURL(new Blob([source])));
            worker.onmessage = ({ data }) => resolve(data);
            })""",
            worker_source() + COMPARE + "self.onmessage = null; self.postMessage(compare());",
        )
        page = chromium.new_page()
        one = show_lab(page)
        show_two(page, one)
        show_ten(page)
    return told


def show_lab(page):
    """Train the paper's network in the lab; print what a reader waits for, return the rate."""
    page.set_content(PAGE % (style(), json.dumps(page_source()).replace("</", "<\\/")))
    page.locator(".gl-status", has_text="Ready.").wait_for()
    page.evaluate("() => { tasks.length = 1; }")
    started = time.perf_counter()
    press(page, "Train")
    page.get_by_text("It generalized").wait_for(timeout=MINUTES)
    seconds = time.perf_counter() - started
    page.locator(".gl-status", has_text="Done.").wait_for(timeout=MINUTES)
    (rate,), longest = rates(page), page.evaluate("Math.max(...tasks)")
    task = f"the longest task of its page {longest:.0f} ms" if longest else "no task above 50 ms"
    print(f"the lab : {rate} steps a second, generalizes after {seconds:.1f} s, {task}")
    return rate


def show_two(page, one):
    """Train two runs at once; print how much more work that is than one."""
    page.locator("summary").last.click()
    page.locator("[name=change]").select_option("lr")
    page.locator("[name=at]").select_option("start")
    page.locator("[name=to]").fill("0.1")  # the same run, so that both have the same work
    page.locator("[name=to]").blur()
    page.get_by_role("radio", name="I would rather see").check()
    press(page, "Reset")
    page.locator(".gl-status", has_text="Ready.").wait_for()
    press(page, "Train")
    page.locator(".gl-status", has_text="Done.").wait_for(timeout=MINUTES)
    two = rates(page)
    print(f"two runs: {two[0]} and {two[1]} steps a second, {sum(two) / one:.2f} times one")


def show_ten(page):
    """Repeat a run over ten seeds; print how long it takes, and the most memory it takes."""
    page.locator("[name=change]").select_option("")
    started, most = time.perf_counter(), 0
    press(page, "Repeat over 10 seeds")
    while not page.locator(".gl-status", has_text="Done: 10 of 10 seeds").count():
        most = max(most, browser_memory())
        time.sleep(0.5)
    seconds = time.perf_counter() - started
    print(f"10 seeds: {seconds:.0f} s, {most / 1e6:.0f} MB in all processes of the browser")


def press(page, name):
    """Press a button of the lab."""
    page.get_by_role("button", name=name, exact=True).click()


def rates(page):
    """Return the steps a second of each run."""
    words = page.locator("dd").last.inner_text().replace(",", "").split()
    return [int(word) for word in words if word.isdigit()]


def browser_memory():
    """Return the bytes of memory of the browser started here; 0 where the system does not tell."""
    kilobytes = 0
    for process in descendants("self"):
        try:
            arguments = Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8")
            told = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8")
        except OSError:  # it has ended
            continue
        if "--type=" in arguments or "--headless" in arguments:  # not what drives the browser
            kilobytes += int(re.search(r"^Pss: +(\d+)", told, re.M)[1])
    return 1000 * kilobytes


def descendants(process):
    """Return the processes that a process has started, and those that these have."""
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        for child in path.read_text(encoding="utf-8").split():
            yield child
            yield from descendants(child)


if __name__ == "__main__":
    if node := shutil.which("node"):
        show("node", under_node(node))
    if browser.find():
        show("browser", in_browser())

"""Print how many steps a second the live lab makes, beside a plain loop in the same process.

Usage: python -m benchmarks.lab_speed

The paper's setting, under Node and in a worker in a browser, whichever is there. The two take
turns and the fastest turn of each counts, since others may use the machine. Then the lab itself
in a page, with its drawings: until when it groks, and for how long it keeps the page busy.
"""

import json
import shutil
import subprocess
import time

from course.build import browser
from grokutils.lab import Lab, engine_source, page_source

COMPARE = """
const settings = { nBits: 40, kRelevant: 3, nTrain: 1000, width: 1000, lr: 0.1,
  weightDecay: 0.01, batchSize: 32, seed: 0 };

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
  const inputs = signs(batchSize * nBits), run = newRun(settings), fastest = {};
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
  const started = performance.now(), whole = newRun(settings);
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


def show(where, told):
    """Print one line of results."""
    print(
        f"{where:8}: lab {told['lab']:5.0f} steps a second, plain loop {told['plain']:4.0f}, "
        f"ratio {told['lab'] / told['plain']:.1f}; 150 epochs, measured, {told['seconds']:.1f} s"
    )


def under_node(node):
    """Return the comparison's results under Node."""
    script = engine_source() + COMPARE + "console.log(JSON.stringify(compare()));"
    return json.loads(subprocess.check_output([node, "-"], input=script, text=True))


def in_browser():
    """Return the comparison's results in a worker of an empty page; show the lab's beside."""
    with browser.started() as chromium:
        told = chromium.new_page().evaluate(
            """(source) => new Promise((resolve) => {
            const worker = new Worker(URL.createObjectURL(new Blob([source])));
            worker.onmessage = ({ data }) => resolve(data);
            })""",
            engine_source() + COMPARE + "self.onmessage = null; self.postMessage(compare());",
        )
        show_lab(chromium.new_page())
    return told


def show_lab(page):
    """Train the paper's network in the lab; print what a reader waits for."""
    page.set_content(PAGE % (Lab._css, json.dumps(page_source()).replace("</", "<\\/")))
    page.get_by_text("Ready.").wait_for()
    page.evaluate("() => { tasks.length = 1; }")
    started = time.perf_counter()
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_text("It generalized").wait_for(timeout=300_000)
    seconds = time.perf_counter() - started
    page.get_by_text("Done.").wait_for(timeout=300_000)
    rate, longest = page.locator("dd").last.inner_text(), page.evaluate("Math.max(...tasks)")
    task = f"the longest task of its page {longest:.0f} ms" if longest else "no task above 50 ms"
    print(f"the lab : {rate} steps a second, generalizes after {seconds:.1f} s, {task}")


if __name__ == "__main__":
    if node := shutil.which("node"):
        show("node", under_node(node))
    if browser.find():
        show("browser", in_browser())

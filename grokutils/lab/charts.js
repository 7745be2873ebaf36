// The live lab's drawings on canvas: labelled data in, pixels out. They keep no state.

const COLOURS = { train: "#0072B2", test: "#D55E00", sparse: "#009E73", complement: "#CC79A7", control: "#7F7F7F" };
const DASHES = { train: [5, 3], test: [], sparse: [] }; // a second mark beside colour
const MARGIN = { left: 40, right: 10, top: 8, bottom: 32 };

// Fit the canvas to its box and the screen's pixels, clear it, and return what drawing needs.
function sheet(canvas, margin = MARGIN) {
  const { width, height } = canvas.getBoundingClientRect();
  const pixels = window.devicePixelRatio || 1;
  const style = getComputedStyle(canvas);
  canvas.width = Math.max(1, Math.round(width * pixels));
  canvas.height = Math.max(1, Math.round(height * pixels));
  const ctx = canvas.getContext("2d");
  ctx.scale(pixels, pixels);
  ctx.font = `11px ${style.fontFamily}`;
  return {
    ctx, pixels, margin,
    ink: style.color,
    faint: style.borderTopColor,
    width: Math.max(1, width - margin.left - margin.right),
    height: Math.max(1, height - margin.top - margin.bottom),
  };
}

// Epoch 0 at the left end, then a logarithmic axis: the book's own (grokutils.plotting).
const LINEAR = 0.3; // of a decade, for the way from epoch 0 to epoch 1
function epochScale(last) {
  const whole = LINEAR + Math.log10(Math.max(last, 10));
  return (epoch) => (epoch < 1 ? LINEAR * epoch : LINEAR + Math.log10(epoch)) / whole;
}

function drawAxes(page, last, ticks, scale) {
  const { ctx, margin: { left, top }, width, height, ink, faint } = page;
  const epochAt = epochScale(last);
  ctx.fillStyle = ink;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const [value, text] of ticks) {
    const y = top + height * (1 - scale(value));
    rule(ctx, left, y, left + width, y, faint);
    ctx.fillText(text, left - 6, y);
  }
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  for (const epoch of [0, 1, 10, 100, 1000, 10000, 100000].filter((e) => e <= Math.max(last, 10))) {
    const x = left + width * epochAt(epoch);
    rule(ctx, x, top + height, x, top + height + 4, ink);
    ctx.fillText(epoch.toLocaleString("en"), Math.min(x, left + width - 8), top + height + 6);
  }
  ctx.textAlign = "right";
  ctx.fillText("epoch", left + width, top + height + 19);
}

function rule(ctx, x0, y0, x1, y1, colour) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(Math.round(x0) + 0.5, Math.round(y0) + 0.5);
  ctx.lineTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
  ctx.stroke();
}

// Mark the epochs of memorization and generalization, so that all panels tell one moment.
function drawEvents(page, last, events, named = false) {
  const { ctx, margin: { left, top }, width, height, ink } = page;
  ctx.save();
  ctx.setLineDash([1, 3]);
  ctx.fillStyle = ink;
  ctx.textBaseline = "bottom";
  const epochAt = epochScale(last);
  events.forEach(({ name, epoch }, i) => {
    const x = left + width * epochAt(epoch);
    rule(ctx, x, top, x, top + height, ink);
    ctx.textAlign = x < left + 80 ? "left" : "right";
    const gap = ctx.textAlign === "left" ? 4 : -4;
    if (named) ctx.fillText(name, x + gap, top + height - 6 - 14 * i);
  });
  ctx.restore();
}

function drawLine(page, last, points, valueOf, scale, kind) {
  const { ctx, margin: { left, top }, width, height } = page;
  const epochAt = epochScale(last);
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = COLOURS[kind];
  ctx.setLineDash(DASHES[kind]);
  ctx.lineWidth = 2;
  ctx.lineJoin = "round";
  ctx.beginPath();
  let x, y;
  for (const point of points) {
    x = left + width * epochAt(point.epoch);
    y = top + height * (1 - scale(valueOf(point)));
    ctx.lineTo(x, y);
  }
  ctx.stroke();
  ctx.beginPath(); // the present value
  ctx.arc(x, y, 3.5, 0, 2 * Math.PI);
  ctx.fill();
  ctx.restore();
}

function drawAccuracy(canvas, { points, last, events }) {
  const page = sheet(canvas);
  const scale = (share) => share;
  drawAxes(page, last, [0, 0.25, 0.5, 0.75, 1].map((v) => [v, `${100 * v} %`]), scale);
  drawEvents(page, last, events, true);
  for (const kind of ["train", "test"]) {
    drawLine(page, last, points, (p) => p[kind].accuracy, scale, kind);
  }
}

function drawLoss(canvas, { points, last, events }) {
  const page = sheet(canvas);
  const most = Math.max(1, ...points.map((p) => Math.min(4, Math.max(p.train.loss, p.test.loss))));
  const scale = (loss) => Math.min(loss, most) / most;
  const ticks = niceTicks(most);
  drawAxes(page, last, ticks, scale);
  drawEvents(page, last, events);
  for (const kind of ["train", "test"]) {
    drawLine(page, last, points, (p) => p[kind].loss, scale, kind);
  }
}

function niceTicks(most) {
  const step = [0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100].find((s) => most / s <= 5) ?? most;
  const count = Math.floor(most / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => [i * step, `${+(i * step).toFixed(2)}`]);
}

function drawSparsity(canvas, { points, last, events, settings: { width } }) {
  const page = sheet(canvas);
  const decades = Math.max(1, Math.log10(width));
  const scale = (neurons) => Math.log10(Math.max(neurons, 1)) / decades;
  const ticks = [1, 10, 100, 1000, 10000].filter((v) => v <= 10 ** decades);
  drawAxes(page, last, ticks.map((v) => [v, v.toLocaleString("en")]), scale);
  drawEvents(page, last, events);
  drawLine(page, last, points, (p) => p.sparsity, scale, "sparse");
}

// All neurons' norms: a count per pixel, since a thousand lines one by one would take too long.
// Those of the present active subnetwork are drawn over it, the largest also as lines.
function drawNorms(canvas, { points, last, events, ranking, sparsity }) {
  const page = sheet(canvas);
  const most = Math.max(1, ...points.map((p) => p.largest)) * 1.05;
  const scale = (norm) => norm / most;
  drawAxes(page, last, niceTicks(most), scale);
  const columns = columnsOf(page, last, points);
  const layer = (kind, neurons) => {
    const every = Math.ceil(neurons.length / MOST_LINES);
    const drawn = neurons.filter((_, rank) => rank % every === 0);
    return { colour: COLOURS[kind], ...countLines(page, columns, drawn, most) };
  };
  const lines = ranking.subarray(0, Math.min(sparsity, 40));
  const active = ranking.subarray(lines.length, sparsity);
  const layers = [layer("complement", ranking.subarray(sparsity)), layer("sparse", active)];
  paintCounts(page, layers, ranking.length);
  page.ctx.globalAlpha = 0.85;
  for (const neuron of lines) drawNeuron(page, last, points, neuron, scale);
  page.ctx.globalAlpha = 1;
  drawEvents(page, last, events);
}

function drawNeuron({ ctx, margin: { left, top }, width, height }, last, points, neuron, scale) {
  const epochAt = epochScale(last);
  ctx.strokeStyle = COLOURS.sparse;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  for (const { epoch, norms } of points) {
    ctx.lineTo(left + width * epochAt(epoch), top + height * (1 - scale(norms[neuron])));
  }
  ctx.stroke();
}

const PITCH = 2; // pixels a column
const MOST_LINES = 2000; // of a kind, so that a frame never takes long

// For each column of pixels up to the present: between which two points it lies, and where.
function columnsOf({ width }, last, points) {
  const epochAt = epochScale(last);
  const places = points.map((p) => width * epochAt(p.epoch));
  const columns = [];
  for (let x = 0, i = 0; x <= places.at(-1); x += PITCH) {
    while (i + 1 < places.length - 1 && places[i + 1] <= x) i += 1;
    const next = Math.min(i + 1, places.length - 1);
    const share = next > i ? Math.min(1, (x - places[i]) / (places[next] - places[i])) : 0;
    columns.push([points[i].norms, points[next].norms, share]);
  }
  return columns;
}

// How many of the neurons' lines pass each pixel, column by column.
function countLines({ width, height }, columns, neurons, most) {
  const wide = Math.ceil(width / PITCH) + 1, tall = Math.ceil(height) + 1;
  const counts = new Uint16Array(wide * tall);
  const before = new Int32Array(neurons.length).fill(-1);
  columns.forEach(([from, to, share], x) => {
    const drop = (tall - 1) / most, column = x * tall;
    for (let i = 0; i < neurons.length; i++) {
      const norm = from[neurons[i]] * (1 - share) + to[neurons[i]] * share;
      const y = (tall - 1 - norm * drop) | 0;
      let at = before[i] < 0 ? y : before[i];
      do {
        at += at < y ? 1 : at > y ? -1 : 0; // joins to the column before
        counts[column + at] += 1;
      } while (at !== y);
      before[i] = y;
    }
  });
  return { counts, wide, tall };
}

// Paint the counts, the more lines the more solid; a later layer hides an earlier one.
function paintCounts({ ctx, margin }, layers, neurons) {
  const { wide, tall } = layers[0];
  const image = new ImageData(wide, tall);
  const pixels = new Uint32Array(image.data.buffer);
  const dense = Math.max(2, neurons / 40); // so many lines on a pixel look almost solid
  for (const { counts, colour } of layers) {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    const shades = Uint32Array.from({ length: neurons + 1 }, (_, count) => {
      const alpha = 255 * Math.max(0.3, 1 - Math.exp((-3 * count) / dense));
      return (alpha << 24) | (b << 16) | (g << 8) | r;
    });
    for (let x = 0; x < wide; x++) {
      for (let y = 0; y < tall; y++) {
        const count = counts[x * tall + y];
        if (count > 0) pixels[y * wide + x] = shades[count];
      }
    }
  }
  const layer = new OffscreenCanvas(wide, tall);
  layer.getContext("2d").putImageData(image, 0, 0);
  ctx.drawImage(layer, margin.left, margin.top, PITCH * wide, tall);
}

// Weights on the bits of the neurons with the largest norms; the active ones carry a green bar.
function drawWeights(canvas, { heat, sparsity, settings: { nBits, kRelevant } }) {
  const page = sheet(canvas, { left: 26, right: 2, top: 20, bottom: 22 });
  const { ctx, margin: { left, top }, width, height, ink } = page;
  const rows = heat.length / nBits, w = width / nBits, h = height / rows;
  const most = heat.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-12);
  heat.forEach((weight, i) => {
    ctx.globalAlpha = Math.sqrt(Math.abs(weight) / most); // the root, to see the small ones die
    ctx.fillStyle = weight < 0 ? HEAT.negative : HEAT.positive;
    const x = left + w * (i % nBits), y = top + h * Math.floor(i / nBits);
    ctx.fillRect(x, y, w - (w > 6 ? 1 : 0), h - (h > 4 ? 0.5 : 0));
  });
  ctx.globalAlpha = 1;
  const active = Math.min(sparsity, rows);
  ctx.fillStyle = COLOURS.sparse;
  ctx.fillRect(left - 7, top, 4, h * active);
  ctx.fillStyle = ink;
  ctx.fillRect(left, top - 4, w * kRelevant - 1, 1.5);
  ctx.textAlign = "left";
  ctx.fillText(kRelevant === 1 ? "relevant bit" : "relevant bits", left, top - 8);
  heatLabels(page, rows, nBits, w);
}

const HEAT = { negative: "#7B4FC9", positive: "#C98A00" };

function heatLabels({ ctx, margin: { left, top }, width, height }, rows, nBits, w) {
  ctx.textAlign = "center";
  for (const bit of [1, 10, 20, 30, 40, 60, 80, 100].filter((b) => b <= nBits)) {
    ctx.fillText(bit, left + w * (bit - 0.5), top + height + 14);
  }
  ctx.save();
  ctx.translate(10, top + height / 2);
  ctx.rotate(-Math.PI / 2);
  ctx.fillText(`${rows} largest neurons`, 0, 0);
  ctx.restore();
}

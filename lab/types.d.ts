// What passes between the modules of the lab. Fields of settings have Python's names.

declare const GIVEN: { paper: Settings; threshold: number; vectors: string; worker: string };

interface Field {
  label: string;
  least?: number;
  above?: number;
  most: number;
  whole?: boolean;
}

/** What is typed into the fields, by name. */
type Texts = Record<string, string>;

/** Of ParityTask and TrainConfig, and the seed. */
interface Settings {
  [name: string]: number;
  n_bits: number;
  k_relevant: number;
  n_train: number;
  n_test: number;
  label_noise: number;
  width: number;
  epochs: number;
  batch_size: number;
  lr: number;
  weight_decay: number;
  initial_scale: number;
  seed: number;
}

type EventName = "memorization" | "generalization";
/** The epoch of each event; null where it has not happened. */
type Events = Record<EventName | "change", number | null>;

interface Change {
  kind: string;
  /** The epoch after which it is made, or the event that has one. */
  at: number | EventName;
  /** "sparse", "matched", "random" or neurons by number. */
  set?: string | number[];
  /** A setting's new value, or the share of the weights that is kept. */
  to?: number;
}

/** An element that the page's markup has, with what some of them can do. */
interface Control extends HTMLElement {
  value: string;
  checked: boolean;
  disabled: boolean;
  open: boolean;
  rows: number;
  select(): void;
}

interface Plan {
  settings: Settings;
  change: Change | null;
}

type Numbers = Float64Array<ArrayBuffer>;
type Signs = Uint16Array<ArrayBuffer>;
type Neurons = Uint32Array<ArrayBuffer>;

/** What the engine calls its settings. */
interface EngineSettings {
  nBits: number;
  width: number;
  lr: number;
  weightDecay: number;
  batchSize: number;
}

/** Inputs packed into integers of 16 bits, labels of -1 and +1. */
interface Examples {
  signs: Signs;
  labels: Int8Array | number[];
  count: number;
}

/** hidden: (bit + 1, neuron), the last row the bias; readout: (neuron). */
interface WeightArrays {
  hidden: Numbers;
  readout: Numbers;
}

interface RunParts extends WeightArrays {
  train: Examples;
  test: Examples;
  /** The samples of the coming epoch in their order. */
  nextOrder: () => Neurons;
}

type Split = "train" | "test";
interface Examined {
  loss: number;
  accuracy: number;
  sparsity?: number;
}

/** What is measured of a run at one epoch. */
interface Measured {
  epoch: number;
  norms: Numbers;
  ranking: Neurons;
  train: Examined;
  test: Examined;
  sparsity: number;
}

/** What the page keeps of it. */
interface Point {
  epoch: number;
  train: Examined;
  test: Examined;
  sparsity: number;
  norms: Float32Array<ArrayBuffer>;
  /** The largest norm. */
  largest: number;
}

/** What a run's worker tells. */
interface Report {
  points: Omit<Point, "largest">[];
  ranking: Neurons;
  sparsity: number;
  heat: Float32Array<ArrayBuffer>;
  events: Events;
  neurons: Neurons | null;
  waits: boolean;
  steps: number;
  busy: number;
  running: boolean;
  digest: string | null;
  largest: Largest | null;
}

/** A share of W's weights, the largest: their places, counted neuron by neuron. */
interface Largest {
  share: number;
  places: Neurons;
}

/** How one of many seeds ended, undisturbed or changed. */
interface Ended {
  test: Float32Array<ArrayBuffer>;
  accuracy: number;
  events: Events;
  epoch: number;
  sparsity: number;
}

/** What the worker of many seeds tells of one. */
interface SeedReport {
  seed: number;
  share?: number;
  runs?: Ended[];
  fault?: string;
}

/** What is told of a run that is followed until it has memorized and generalized. */
interface Wait {
  epoch: number;
  events: Record<EventName, number | null>;
  done: boolean;
}

/** What is drawn on the picture of the waits: a stored setting, or a dot of the reader's. */
interface Place {
  n_bits: number;
  n_train: number;
  k_relevant: number;
  /** Ticks from memorization to generalization; null where it has not come. */
  delay_ticks: number | null;
  /** For how many ticks one waited for it. */
  later_than: number | null;
}

/** A run that the reader has asked for, with the prediction in ticks, [from, to]. */
interface Dot extends Place {
  seed: number;
  guess: [number, number] | null;
  memorization: number | null;
  generalization: number | null;
  last: number;
}

/** Stored races of one setting: what it changes of the paper's; seed, events and last epoch of each. */
interface StoredSetting {
  changes: Record<string, number>;
  runs: [number, number | null, number | null, number][];
}

/** One of them. */
interface StoredRow extends Record<EventName, number | null> {
  settings: Settings;
  last: number;
}

/** ln delay = constant + n_train ln N + n_bits ln n, a function of N / n^power. */
interface Line {
  constant: number;
  n_train: number;
  n_bits: number;
  power: number;
}

/** What the page asks of a worker. */
interface Message {
  command: "start" | "repeat" | "wait" | "train" | "epoch" | "pause" | "drawn" | "winners"
    | "largest";
  settings?: Settings;
  change?: Change | null;
  seed?: number;
  epochs?: number;
  winners?: Neurons;
}

/** Typed arrays as their kinds and lengths ask for them. */
type ArraysOf<P extends Record<string, [unknown, number]>> = {
  [K in keyof P]: P[K][0] extends Float64ArrayConstructor ? Numbers : Signs;
};

/** Functions of wasm_loops.py. */
type Loops = Record<string, (...numbers: number[]) => void>;

type Post = (told: Partial<Report> | SeedReport | Wait) => void;
type Run = import("./worker/engine.js").Run;
/** Not in the page's own library of types. */
declare const WorkerGlobalScope: unknown;
type Stream = import("./worker/generator.js").Generator;
type Runner = import("./page/run_in_worker.js").Runner;
type TenSeeds = import("./page/ten_seeds.js").Repeat;
type Session = import("./page/session.js").Session;
type Form = import("./page/form.js").Form;
type Sheet = ReturnType<typeof import("./page/line_charts.js").sheet>;
type Question = "when" | "keeps";

/** The second run: one with a change. */
type Changed = Runner & { change: Change };

/** A product of signs and rows, as `addSigned` hands it to its blocks. */
interface Product {
  out: Numbers;
  rows: number;
  source: Numbers;
  signs: Signs;
  width: number;
  chunks: number;
  fours: number;
}

type SeedWorker = Worker & { seed?: number };

/** What all charts are drawn from. */
interface ChartData {
  runs: Runner[];
  /** That of the chart. */
  run: Runner;
  repeat: TenSeeds | null;
  events: { name: string; epoch: number; run: number }[];
  width: number;
  nBits: number;
  kRelevant: number;
  /** The last epoch of the axis, the largest norm, and the neurons drawn in the ink's colour. */
  last: number;
  most: number;
  marked: number[];
}

interface Figure {
  name: string;
  title: string;
  draw: (chart: HTMLElement, data: ChartData) => void;
  keys: string[];
  run?: number;
  neuronAt?: (chart: HTMLElement, data: ChartData, x: number, y: number) => number;
}

type ShownFigure = Figure & { chart: HTMLElement; readout: HTMLElement };

/** What a picker of neurons asks. */
interface Source {
  run: () => Runner;
  neuronAt: (x: number, y: number) => number;
  /** null where nothing can be picked. */
  picked: () => number[] | null;
  toggle: (neuron: number) => void;
}

/** Norms before and after a column of pixels, and how far between them it lies. */
type Column = [Float32Array, Float32Array, number];

interface Counts {
  counts: Uint16Array;
  wide: number;
  tall: number;
}

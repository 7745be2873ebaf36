// What Python knows and puts before the text, as GIVEN (lab/__init__.py).

export const PAPER = GIVEN.paper; // its settings
export const THRESHOLD = GIVEN.threshold; // accuracy above which a split is learned
export const VECTORS = GIVEN.vectors; // the loops in WebAssembly, as base64
export const WORKER_SOURCE = GIVEN.worker; // the other text; "" in the worker itself, and where that is a file

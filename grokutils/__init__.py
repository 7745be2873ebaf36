"""Reproduce *A Tale of Two Circuits* (arXiv:2303.11873): a small helper package, one idea a module.

**One run knows no cache, table or plot; the package knows no claim.** What keeps and what shows
stand around a run, each on those above it in this list; `make lint` checks it.

- `check` (what is wrong with an input), `streams` (every source of randomness)
- `stats` (events in a history and what became of a run, survival, censored medians, bootstrap)
- side by side: `parity` (one run of the paper's network: task, settings, weights, engine,
  subnetworks and circuits, races, interventions), `modular` (the same for modular arithmetic),
  `store` (the fingerprint of code, kept runs)
- `seeds` (the same run over many seeds), `portability` (the same run under other rounding)
- `show` (plots, typeset tables, figures to scrub, forms for a kernel, the lab's widget)

Beside it: `lab`, the network in the page, which the widget in `show` brings into a notebook. On it:
`experiments`, what this book measured and what decides its claims.

What is true of the whole:

- What you set is a frozen, keyword-only dataclass whose defaults are the paper's; what you
  measure is an `xarray.Dataset` with named dimensions (`seed`, `epoch`, `split`, `neuron`).
- Epoch 0 is the initialisation, so a history of all epochs has ``epochs + 1`` entries.
- Every source of randomness has its own generator made from the seed; measuring draws none.
- Shares are fractions in [0, 1]. A *neuron* is a hidden unit; its *weight norm* is the norm of
  its incoming weights, bias left out.
- The prediction is the sign of the output; an output of exactly 0 is a third prediction that
  never equals a label.
"""

import time

# A source written after this moment may not be what the process runs (`store.fingerprint`).
LOADED = time.time()

"""Reproduce *A Tale of Two Circuits* (arXiv:2303.11873): a house in wings, one room per idea.

**One run knows no cache, table or plot.** What keeps, what tabulates and what shows stand around
it. A room stands on the floors below it and knows nothing of those above; `make lint` checks it.

- ground: `check` (what is wrong with an input), `streams` (every source of randomness)
- first floor: `stats` (events in a history, survival, censored medians, bootstrap)
- second floor, side by side: `parity` (one run of the paper's network: its task, its settings, the
  network, the engine, its subnetworks and circuits, races and interventions), `modular` (the same
  for modular arithmetic), `store` (a digest of code, the cache of runs, tables of runs)
- third floor: `seeds` (the same run over many seeds), `outcomes` (what many runs came to),
  `quantities` (what decides the claims of later papers, from rows of tables), `claims` (what
  decides each claim, and the verdicts), `portability` (the same run under other rounding)
- fourth floor: `tables` (what a row of each table in `data/` measures, and which rows it has)
- top floor: `show` (plots, typeset tables, verdicts, figures to scrub, forms, and the widget
  of the lab, which stands beside this house, in `lab`)

What is true of the whole house:

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

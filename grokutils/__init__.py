"""Reproduce *A Tale of Two Circuits* (arXiv:2303.11873): a small house, one room per idea.

A room stands on the floors below it and knows nothing of those above:

- ground: `validation`, `task` (the parity problem), `model` (the network)
- first floor: `engine` (SGD on arrays), `runs` (each computed once), `training` (runs over seeds),
  `constructions` (the paper's hand-built circuits)
- second floor: `dynamics` (events in a history), `subnetworks` (who does what), `dissection`
  (both, over whole runs)
- third floor: `races` (how long until a network generalizes), `interventions` (with a change made
  on the way), `sweep` (many runs, one table), `trials` and `surveys` (what a row of the tables in
  `data/` measures, and which runs each table holds), `portability` (the same run elsewhere),
  `claims` (what decides each claim, and the verdicts)
- top floor: `plotting`, `widgets` (figures to scrub), `forms` and `playground` (runs that a
  reader starts and stops), `lab` (the network trained in the browser)

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

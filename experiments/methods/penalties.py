r"""Other penalties than weight decay, as an `after_step` of training without it.

The step of an l1 penalty :math:`\beta \sum |\theta|` is its proximal one: each weight comes nearer
to 0 by :math:`\eta\beta` and stops there. A subgradient step :math:`\eta\beta\,\mathrm{sign}\,
\theta`, as in Tikeng Notsawo et al. 2025 (arXiv:2506.05718), is the same but for weights nearer
to 0 than that, which it sends across and back.
"""

from collections.abc import Callable

import numpy as np

from grokutils.parity.config import TrainConfig
from grokutils.parity.kernels import BLOCK, compiled
from grokutils.parity.network import Network


def l1(net: Network, config: TrainConfig, strength: float) -> Callable[[], None]:
    """Return an `after_step` that takes the step of an l1 penalty on all weights.

    Raises
    ------
    ValueError
        If the run has weight decay as well.
    """
    if config.weight_decay:
        raise ValueError(f"weight_decay = {config.weight_decay}: must be 0 beside another penalty")
    length = net.hidden.dtype.type(config.lr * strength)

    def after_step():
        shrink(net.hidden, length)
        shrink(net.readout[:, None], length)

    return after_step


@compiled
def shrink(part: np.ndarray, length: float) -> None:
    """Bring each number of an array (block, row, 128) nearer to 0 by a length, and not across."""
    for b in range(len(part)):
        for r in range(part.shape[1]):
            x = part[b, r]
            for n in range(BLOCK):
                x[n] = max(x[n] - length, 0) + min(x[n] + length, 0)

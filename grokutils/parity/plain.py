"""The plain PyTorch loop, for laying the engine beside it."""

import torch
from torch import nn
from torch.nn.functional import logsigmoid

from grokutils.parity.config import TrainConfig
from grokutils.parity.network import batch_order, start_of
from grokutils.parity.weights import Weights, hinge_loss

LOSSES = {
    "hinge": hinge_loss,
    "logistic": lambda margin: -logsigmoid(margin),
    "squared": lambda margin: (1 - margin) ** 2,
}


class ParityNet(nn.Module):
    """The network in plain PyTorch, started from given `Weights`."""

    def __init__(self, weights: Weights, dtype: torch.dtype = torch.float64) -> None:
        super().__init__()
        width, n_bits = weights.hidden_weight.shape
        self.hidden = nn.Linear(n_bits, width, dtype=dtype)
        self.readout = nn.Linear(width, 1, bias=False, dtype=dtype)
        with torch.no_grad():
            self.hidden.weight.copy_(torch.from_numpy(weights.hidden_weight))
            self.hidden.bias.copy_(torch.from_numpy(weights.hidden_bias))
            self.readout.weight[0].copy_(torch.from_numpy(weights.readout))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Map inputs (sample, bit) to outputs (sample,)."""
        return self.readout(torch.relu(self.hidden(inputs))).squeeze(1)

    def weights(self) -> Weights:
        """Return a copy of the present parameters as `Weights`."""
        parameters = self.hidden.weight, self.hidden.bias, self.readout.weight[0]
        return Weights(*(p.detach().numpy().copy() for p in parameters))


def plain_sgd(
    net: ParityNet,
    inputs: torch.Tensor,
    labels: torch.Tensor,
    batch_order: torch.Tensor,
    config: TrainConfig,
) -> None:
    """Train `net` in place, the way any PyTorch tutorial would."""
    kind = {"sgd": torch.optim.SGD, "adamw": torch.optim.AdamW}[config.optimizer]
    optimizer = kind(net.parameters(), lr=config.lr, weight_decay=config.weight_decay)
    for order in batch_order:  # one epoch
        for batch in order.split(config.batch_size):
            margin = labels[batch] * net(inputs[batch])
            loss = LOSSES[config.loss](margin).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def net_of(config: TrainConfig, seed: int) -> tuple:
    """Return the `ParityNet` and the tensors that `plain_sgd` takes to repeat a seed's run."""
    dtype = getattr(torch, config.dtype)
    net = ParityNet(start_of(config, seed), dtype)
    examples = config.task.train_set(seed)
    inputs, labels = (torch.from_numpy(array).to(dtype) for array in examples)
    return net, inputs, labels, torch.from_numpy(batch_order(config, seed))

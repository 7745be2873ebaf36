"""The kernels' sums in NumPy, one addition after the other as their docstring says."""

import numpy as np

from grokutils.parity.weights import initial_weights


def signed_sum(start, rows, signs):
    """Add the signed rows (row, neuron) to `start`, sixteen at a time."""
    padded = np.zeros((-(-len(rows) // 16) * 16, rows.shape[1]), rows.dtype)
    padded[: len(rows)] = rows * signs[:, None].astype(rows.dtype)
    for sixteen in padded.reshape(-1, 4, 4, rows.shape[1]):
        t = [(four[0] + four[1]) + (four[2] + four[3]) for four in sixteen]
        total = (t[0] + t[1]) + (t[2] + t[3])
        start = total if start is None else start + total
    return start


def sum_of_neurons(values):
    lanes = np.zeros(128, values.dtype)
    for j, value in enumerate(values):
        lanes[j % 128] += value
    while len(lanes) > 1:
        lanes = lanes[: len(lanes) // 2] + lanes[len(lanes) // 2 :]
    return lanes[0]


def relu(z):
    return np.where(z > 0, z, 0).astype(z.dtype)


def forward(hidden, readout, x):
    """Return W x + b and f of one input, whose last sign is the bias's."""
    z = signed_sum(None, hidden, x)
    return z, sum_of_neurons(readout * relu(z))


PULLS = {"hinge": lambda m: float(m < 1), "squared": lambda m: 2 * (1 - m)}


class Reference:
    """The training of kernels.train, in NumPy."""

    def __init__(self, config, seed):
        weights, self.config = initial_weights(config.task.n_bits, config.width, seed), config
        hidden = np.vstack([weights.hidden_weight.T, weights.hidden_bias])
        self.parts = [array.astype(config.dtype) for array in (hidden, weights.readout)]
        self.moments = [np.zeros((2, *part.shape), part.dtype) for part in self.parts]
        self.powers, self.real = np.ones(2), self.parts[0].dtype.type

    def step(self, x, y):
        config, real, (hidden, readout) = self.config, self.real, self.parts
        lr = config.lr if config.optimizer == "sgd" else -1.0
        z, f = zip(*(forward(hidden, readout, sample) for sample in x), strict=True)
        pulls = [PULLS[config.loss](float(out) * sign) for out, sign in zip(f, y, strict=True)]
        pulled = [s for s in range(len(x)) if pulls[s]]
        moves = [real(lr * y[s] * pulls[s] / len(x)) for s in pulled]
        rows = [np.where(z[s] > 0, m * readout, 0) for s, m in zip(pulled, moves, strict=True)]
        rows = np.array(rows, hidden.dtype).reshape(-1, len(readout))
        keep = real(1 - config.lr * config.weight_decay)
        sgd = config.optimizer == "sgd"
        starts = [keep * part if sgd else np.zeros_like(part) for part in self.parts]
        sums = [signed_sum(r, rows, x[pulled][:, i]) for i, r in enumerate(starts[0])]
        for s, move in zip(pulled, moves, strict=True):
            starts[1] = starts[1] + move * relu(z[s])
        self.parts = [np.array(sums), starts[1]]
        if not sgd:
            self.adapt(keep, [hidden, readout])

    def adapt(self, keep, old):
        real, (first, second), config = self.real, (0.9, 0.999), self.config
        self.powers *= [first, second]
        rate = real(config.lr / (1 - self.powers[0]))
        root = real(np.sqrt(1 - self.powers[1]))
        for i, (gradient, weights) in enumerate(zip(self.parts, old, strict=True)):
            m, v = self.moments[i]
            m = real(first) * m + real(1 - first) * gradient
            v = real(second) * v + real(1 - second) * (gradient * gradient)
            self.moments[i] = m, v
            self.parts[i] = keep * weights - rate * (m / (np.sqrt(v) / root + real(1e-8)))


def signs_of(inputs):
    return np.column_stack([inputs, np.ones(len(inputs), inputs.dtype)])

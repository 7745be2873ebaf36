r"""Compiled loops on rows of signs, each sum in an order that is written down here.

An input x is a row of signs, with a last sign of +1 for the bias; W and b are the rows of one
matrix `hidden`, (row, neuron). All that is computed of a network is made of three kinds of
sums. None is reordered and no multiply-add is fused, so every processor, and the engine in
JavaScript, gives the same bits.

**Signed sums**, :math:`\sum_r s_r w_r` over the rows of a matrix, neuron by neuron. Both matrix
products of a training step are such sums: the update adds rows of gradients, one a sample, with
the samples' signs. Sixteen rows are added as a balanced tree,

.. math:: S_q = (T_{4q} + T_{4q+1}) + (T_{4q+2} + T_{4q+3}), \qquad
          T_g = (s_{4g} w_{4g} + s_{4g+1} w_{4g+1}) + (s_{4g+2} w_{4g+2} + s_{4g+3} w_{4g+3}),

where rows behind the last are 0, and the sixteens are added one after the other to what is
there: :math:`((w + S_0) + S_1) + \dots` A sum :math:`T_g` of four signed rows takes one of 16
values, in pairs of opposite sign. So a table of 8 a group of four rows replaces nearly all of
the additions. (Tables of 128 over eight rows would give the same bits.)

**Sums over neurons**: neuron j goes into lane j mod 128; the neurons of a lane are added in
their order; then lane l + 64 is added to lane l, l + 32 to l, ..., 1 to 0.

**Sums over samples, sums over the bits of one neuron, running sums over neurons**: one after
the other.

Arrays over neurons are cut into blocks of 128, with silent neurons behind the last, whose
weights are and stay 0: `hidden` is (block, row, 128), with rows of 0 up to a multiple of four,
`readout` is (block, 128). `inputs` is (sample, row), 8-bit integers, with signs of +1 in rows
behind the last; `rows` counts the others, those of the bits and the bias.
"""

import math
import warnings
from pathlib import Path
from typing import NamedTuple

import numba
import numpy as np
from filelock import FileLock

from grokutils.parity.config import LOSSES

BLOCK = 128
HINGE, LOGISTIC, SQUARED = (LOSSES[name] for name in ("hinge", "logistic", "squared"))
BETAS, EPSILON = (0.9, 0.999), 1e-8  # of AdamW, as in torch


def compiled(function):
    """Compile a function at its first call; keep the machine code on disk where that is allowed.

    Numba keeps it beside this file, else in the user's cache, or where NUMBA_CACHE_DIR says, apart
    by processor. One process compiles, the others wait and read what it kept.
    """
    try:
        dispatcher = numba.njit(cache=True)(function)
    except RuntimeError:  # Numba found no folder that it may write to
        warnings.warn(
            "no folder to keep compiled code in, so it is compiled anew in each process; "
            "NUMBA_CACHE_DIR may name one",
            stacklevel=1,
        )
        return numba.njit(function)
    read_or_compile = dispatcher.compile

    def one_at_a_time(signature):
        folder = Path(dispatcher.stats.cache_path)
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f"{function.__module__}.{function.__name__}.lock"):
            return read_or_compile(signature)

    dispatcher.compile = one_at_a_time
    return dispatcher


# All that compiled code calls is in this one file: of what is kept on disk, Numba asks only whether
# the function's own file has changed.

# What only compiled code calls, and the loops over a block, which are too short to be called.
inner = numba.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
inlined = numba.njit(  # type: ignore[call-overload]
    forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
)


class Sums(NamedTuple):
    """The tables for signed sums of rows, and where the parts of each sum are in them."""

    table: np.ndarray  # (8 a group and one, 128)
    pairs: np.ndarray  # what it is filled from, (6, 128)
    entry: np.ndarray  # (sum, group)
    sign: np.ndarray  # (sum, group)


class Moments(NamedTuple):
    """What AdamW remembers: both moments of the gradients, and beta_1^t and beta_2^t."""

    hidden: np.ndarray  # (2, block, row, 128)
    readout: np.ndarray  # (2, block, 128)
    powers: np.ndarray  # (2,)


@compiled
def aligned(blocks, rows, like):
    """Return zeros (block, row, 128) whose vectors never straddle two lines of the cache."""
    size = blocks * rows * BLOCK
    raw = np.zeros(size + 64 // like.itemsize, like.dtype)
    skip = -raw.ctypes.data % 64 // like.itemsize
    return raw[skip : skip + size].reshape((blocks, rows, BLOCK))


# ---- Signed sums.


@inner
def sums_of(rows, number, like):
    """Return the `Sums` for a number of signed sums of at most `rows` rows."""
    entries = aligned(1, 8 * (-(-rows // 4)) + 1 + 6, like)[0]
    shape = number, 4 * (-(-rows // 16))
    return Sums(entries[6:], entries[:6], np.zeros(shape, np.int64), np.ones(shape, like.dtype))


@inner
def fill(sums, source, groups):
    """Fill the table: entry i of group g is T_g with signs (s, s', s'', +), + at the bits of i.

    The entry behind the last group is 0.
    """
    mm, pm, mp, pp = sums.pairs[0], sums.pairs[1], sums.pairs[2], sums.pairs[3]
    m, p = sums.pairs[4], sums.pairs[5]
    for g in range(groups):
        a, b, c, d = source[4 * g], source[4 * g + 1], source[4 * g + 2], source[4 * g + 3]
        for n in range(BLOCK):
            pp[n] = a[n] + b[n]
            mm[n] = -(a[n] + b[n])
        for n in range(BLOCK):
            pm[n] = a[n] - b[n]
            mp[n] = b[n] - a[n]
        for n in range(BLOCK):
            p[n] = d[n] + c[n]
            m[n] = d[n] - c[n]
        for i in range(8):
            low, high, entry = sums.pairs[i % 4], sums.pairs[4 + i // 4], sums.table[8 * g + i]
            for n in range(BLOCK):
                entry[n] = low[n] + high[n]
    sums.table[8 * groups] = 0


@inner
def encode(sums, number, signs, groups):
    """Write down for one sum where each group's T_g is, as an entry and a sign."""
    entry, sign = sums.entry[number], sums.sign[number]
    for g in range(groups):
        last = signs[4 * g + 3]
        same = 4 * (signs[4 * g + 2] == last) + 2 * (signs[4 * g + 1] == last)
        entry[g] = 8 * g + same + (signs[4 * g] == last)
        sign[g] = last
    entry[groups:] = 8 * groups


@inlined
def add_sixteen(out, keep, sums, number, q):
    """Set out to keep * out + S_q, or to S_q where keep is None."""
    entry, sign = sums.entry[number, 4 * q : 4 * q + 4], sums.sign[number, 4 * q : 4 * q + 4]
    a, b, c, d = (
        sums.table[entry[0]],
        sums.table[entry[1]],
        sums.table[entry[2]],
        sums.table[entry[3]],
    )
    s, t, u, v = sign[0], sign[1], sign[2], sign[3]
    if keep is None:
        for n in range(BLOCK):
            out[n] = (s * a[n] + t * b[n]) + (u * c[n] + v * d[n])
    else:
        for n in range(BLOCK):
            out[n] = keep * out[n] + ((s * a[n] + t * b[n]) + (u * c[n] + v * d[n]))


@inlined
def add_signed(out, keep, sums, number, groups):
    """Set out to ((keep * out + S_0) + S_1) + ..., without `out` where keep is None."""
    if keep is not None and groups <= 1:  # late in training, few samples have a gradient
        a, s = sums.table[sums.entry[number, 0]], sums.sign[number, 0]
        for n in range(BLOCK):
            out[n] = keep * out[n] + s * a[n]
        return
    add_sixteen(out, keep, sums, number, 0)
    for q in range(1, -(-groups // 4)):
        add_sixteen(out, sums.table.dtype.type(1), sums, number, q)


# ---- Sums over neurons.


@inlined
def add_response(lanes, z, more, readout, zero):
    """Add u * relu(z + more) to the lanes, or u * relu(z) where more is None."""
    if more is None:
        for n in range(BLOCK):
            lanes[n] += readout[n] * (z[n] if z[n] > zero else zero)
    else:
        for n in range(BLOCK):
            total = z[n] + more[n]
            lanes[n] += readout[n] * (total if total > zero else zero)


@inner
def fold(lanes):
    """Return the sum of the lanes, in halves; they are changed."""
    half = BLOCK // 2
    while half:
        for n in range(half):
            lanes[n] += lanes[n + half]
        half //= 2
    return lanes[0]


@inner
def forward(sums, z, lanes, hidden, readouts, inputs, rows):
    """Write W x + b into `z`, and f(x) for each readout into the first of `lanes`.

    `z` is (block, sample, 128), or has room for one block of one sample, which is then
    overwritten; `lanes` is (readout, sample, 128).
    """
    groups, zero = -(-rows // 4), hidden.dtype.type(0)
    for s in range(len(inputs)):
        encode(sums, s, inputs[s], groups)
    lanes[:, : len(inputs)] = 0
    for b in range(len(hidden)):
        fill(sums, hidden[b], groups)
        for s in range(len(inputs)):
            out = z[min(b, len(z) - 1), min(s, z.shape[1] - 1)]
            add_signed(out, None, sums, s, groups)
            for k in range(len(readouts)):
                add_response(lanes[k, s], out, None, readouts[k, b], zero)
    for k in range(len(readouts)):
        for s in range(len(inputs)):
            fold(lanes[k, s])


# ---- Training.


@inner
def pull(loss, margin):
    """Return minus the derivative of a loss in the margin; 0 where a sample has no gradient.

    Exact but for the logistic loss, whose exp is the machine's.
    """
    if loss == HINGE:
        return 1.0 if margin < 1 else 0.0
    if loss == SQUARED:
        return 2.0 * (1.0 - margin)
    if loss == LOGISTIC:
        return 1.0 / (1.0 + math.exp(margin))
    raise ValueError("no such loss")


@inner
def look_up_samples(back, inputs, pulled, rows):
    """Encode, for each row, the signs of the pulled samples; return the number of groups."""
    groups = -(-len(pulled) // 4)
    signs = np.ones(4 * groups, np.int8)
    for r in range(rows):
        for i in range(len(pulled)):
            signs[i] = inputs[pulled[i], r]
        encode(back, r, signs, groups)
    return groups


@inner
def gradients(gradient, z, readout, pulled, moves):
    """Write the pulled samples' gradients of W x + b: move * u where the neuron is active."""
    zero = gradient.dtype.type(0)
    for i in range(len(pulled)):
        g, active, move = gradient[i], z[pulled[i]], moves[i]
        for n in range(BLOCK):
            g[n] = move * readout[n] if active[n] > zero else zero
    gradient[len(pulled) :] = 0


@inner
def add_active(readout, z, pulled, moves):
    """Add to u the gradients of the pulled samples, move * relu(z), one after the other."""
    zero = readout.dtype.type(0)
    for i in range(len(pulled)):
        active, move = z[pulled[i]], moves[i]
        for n in range(BLOCK):
            readout[n] += move * (active[n] if active[n] > zero else zero)


@inner
def step(back, groups, keep, hidden, readout, z, pulled, moves):
    """Set a block of W and b to keep * itself plus its signed sums of gradients; u likewise."""
    for r in range(len(back.entry)):
        add_signed(hidden[r], keep, back, r, groups)
    for n in range(BLOCK):
        readout[n] = keep * readout[n]
    add_active(readout, z, pulled, moves)


@inlined
def adapt(weight, gradient, moments, keep, rate, root):
    """Take AdamW's step on a block: keep * w - rate m / (sqrt(v) / root + epsilon)."""
    first, second, real = moments[0], moments[1], weight.dtype.type
    old, new, old2, new2 = real(BETAS[0]), real(1 - BETAS[0]), real(BETAS[1]), real(1 - BETAS[1])
    epsilon = real(EPSILON)
    for n in range(BLOCK):
        first[n] = old * first[n] + new * gradient[n]
    for n in range(BLOCK):
        second[n] = old2 * second[n] + new2 * (gradient[n] * gradient[n])
    for n in range(BLOCK):
        weight[n] = keep * weight[n] - rate * (first[n] / (math.sqrt(second[n]) / root + epsilon))


@inner
def adamw(back, groups, keep, lr, hidden, readout, z, pulled, moves, moments, b):
    """Do as `step` does by AdamW; the gradients of the loss are -1 times the sums."""
    real, gradient = hidden.dtype.type, np.empty(BLOCK, hidden.dtype)
    rate = real(lr / (1 - moments.powers[0]))
    root = real(math.sqrt(1 - moments.powers[1]))
    for r in range(len(back.entry)):
        add_signed(gradient, None, back, r, groups)
        adapt(hidden[r], gradient, moments.hidden[:, b, r], keep, rate, root)
    gradient[:] = 0
    add_active(gradient, z, pulled, moves)
    adapt(readout, gradient, moments.readout[:, b], keep, rate, root)


@compiled
def train(hidden, readout, moments, inputs, labels, rows, batch_size, lr, weight_decay, loss):
    """Pass once over the samples, in their order; `hidden` and `readout` change in place.

    By SGD, where `moments` is None: of a batch of m samples, those with a pull p move the
    weights by lr y p / m times the gradient of f, and all weights shrink by
    1 - lr * weight_decay. Or by AdamW. Return how many samples had a pull.
    """
    size, keep = min(batch_size, len(inputs)), hidden.dtype.type(1 - lr * weight_decay)
    scale = lr if moments is None else -1.0
    there, back = sums_of(rows, size, hidden), sums_of(size, rows, hidden)
    z, lanes = aligned(len(hidden), size, hidden), aligned(1, size, hidden)
    gradient = aligned(1, 4 * (-(-size // 4)), hidden)[0]
    samples, moves = np.zeros(size, np.int64), np.zeros(size, hidden.dtype)
    readouts, pulls = readout.reshape((1, *readout.shape)), 0
    for start in range(0, len(inputs), size):
        x, y = inputs[start : start + size], labels[start : start + size]
        forward(there, z, lanes, hidden, readouts, x, rows)
        count = 0
        for s in range(len(x)):
            p = pull(loss, lanes[0, s, 0] * y[s])
            if p != 0:
                samples[count], moves[count] = s, scale * y[s] * p / len(x)
                count += 1
        pulled, pulls = samples[:count], pulls + count
        groups = look_up_samples(back, x, pulled, rows)
        if moments is not None:
            moments.powers[0] *= BETAS[0]
            moments.powers[1] *= BETAS[1]
        for b in range(len(hidden)):
            gradients(gradient[: 4 * groups], z[b], readout[b], pulled, moves)
            fill(back, gradient, groups)
            if moments is None:
                step(back, groups, keep, hidden[b], readout[b], z[b], pulled, moves)
            else:
                adamw(
                    back, groups, keep, lr, hidden[b], readout[b], z[b], pulled, moves, moments, b
                )
    return pulls


@compiled
def outputs(hidden, readouts, inputs, rows):
    """Return f(x) for each of some readouts, (readout, sample)."""
    few = min(256, len(inputs))  # so that the lanes stay in the cache
    sums, z = sums_of(rows, few, hidden), aligned(1, 1, hidden)
    lanes = aligned(len(readouts), few, hidden)
    f = np.empty((len(readouts), len(inputs)), hidden.dtype)
    for start in range(0, len(inputs), few):
        x = inputs[start : start + few]
        forward(sums, z, lanes, hidden, readouts, x, rows)
        for k in range(len(readouts)):
            for i in range(len(x)):
                f[k, start + i] = lanes[k, i, 0]
    return f


# ---- Measuring.


@compiled
def evaluate(f, labels, loss):
    """Return the mean loss of outputs f (sample,) and the share with the sign of the label.

    Exact but for the logistic loss, whose exp and log1p are the machine's.
    """
    total, right = 0.0, 0
    for s in range(len(f)):
        margin = float(f[s]) * labels[s]
        right += margin > 0
        if loss == HINGE:
            total += max(0.0, 1.0 - margin)
        elif loss == SQUARED:
            total += (1.0 - margin) * (1.0 - margin)
        elif loss == LOGISTIC:
            total += max(0.0, -margin) + math.log1p(math.exp(-abs(margin)))
        else:
            raise ValueError("no such loss")
    return total / len(f), right / len(f)


@compiled
def squares(hidden, rows):
    """Return for each neuron the sum of the squares of its first `rows` weights, (block, 128)."""
    sums = np.zeros((len(hidden), BLOCK), hidden.dtype)
    for b in range(len(hidden)):
        for r in range(rows):
            total, weight = sums[b], hidden[b, r]
            for n in range(BLOCK):
                total[n] += weight[n] * weight[n]
    return sums


@compiled
def total(values):
    """Return the sum of one number a neuron, (block, 128)."""
    lanes = np.zeros(BLOCK, values.dtype)
    for b in range(len(values)):
        block = values[b]
        for n in range(BLOCK):
            lanes[n] += block[n]
    return fold(lanes)


@compiled
def predictions(hidden, readout, inputs, rows, width):
    """Return the signs of the running sums of u * relu(z) over the neurons in their order.

    (sample, neuron + 1), of 8-bit integers: f_k, of the first k neurons, for k = 0, 1, ...
    """
    few, zero = min(128, len(inputs)), hidden.dtype.type(0)
    sums, z = sums_of(rows, few, hidden), aligned(len(hidden), few, hidden)
    lanes, running = aligned(1, few, hidden), np.empty(len(hidden) * BLOCK, hidden.dtype)
    signs = np.zeros((len(inputs), width + 1), np.int8)
    for start in range(0, len(inputs), few):
        x = inputs[start : start + few]
        forward(sums, z, lanes, hidden, readout.reshape((1, *readout.shape)), x, rows)
        for s in range(len(x)):
            f = zero
            for b in range(len(hidden)):
                part, u, of_sample = running[b * BLOCK : (b + 1) * BLOCK], readout[b], z[b, s]
                for n in range(BLOCK):
                    part[n] = u[n] * (of_sample[n] if of_sample[n] > zero else zero)
                for n in range(BLOCK):
                    f += part[n]
                    part[n] = f
            found = signs[start + s, 1:]
            for k in range(width):
                found[k] = np.int8(running[k] > zero) - np.int8(running[k] < zero)
    return signs


@inlined
def add_moved(lanes, z, change, weight, readout, zero):
    """Add u * relu(z + change * w) to the lanes."""
    for n in range(BLOCK):
        moved = z[n] + change * weight[n]
        lanes[n] += readout[n] * (moved if moved > zero else zero)


@compiled
def nearly_flipped(hidden, readout, inputs, rows):
    """Return f(x) with each bit flipped, but for rounding, and f(x) itself at last, (sample, row).

    A flip of x_r takes 2 x_r w_r from W x + b: cheaper than the sum of a flipped input, whose
    bits it does not have.
    """
    few, zero = min(64, len(inputs)), hidden.dtype.type(0)
    sums, z = sums_of(rows, few, hidden), aligned(len(hidden), few, hidden)
    lanes, of_flip = aligned(1, few, hidden), np.empty(BLOCK, hidden.dtype)
    f = np.zeros((len(inputs), rows), hidden.dtype)
    for start in range(0, len(inputs), few):
        x = inputs[start : start + few]
        forward(sums, z, lanes, hidden, readout.reshape((1, *readout.shape)), x, rows)
        for s in range(len(x)):
            f[start + s, rows - 1] = lanes[0, s, 0]
            for r in range(rows - 1):
                of_flip[:] = 0
                for b in range(len(hidden)):
                    change = hidden.dtype.type(-2 * x[s, r])
                    add_moved(of_flip, z[b, s], change, hidden[b, r], readout[b], zero)
                f[start + s, r] = fold(of_flip)
    return f

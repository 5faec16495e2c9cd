"""The floor: the matrix products of one training step and nothing else, on the fastest library.

Variants: `numpy` (its BLAS), `torch` (`torch.mm`) and `xla` (TensorFlow's, looped as in training).
Where `_joined` follows, two products with the same weights are one with twice the rows. There are
no biases, activations, losses, optimizers or data; the chain of each network's products is kept.
"""

import itertools

import numpy as np
import setting

UNITS = (100, 200, 100)
OUTPUTS = {"generator": 2, "discriminator": 1, "encoder": 2}


def forward(mm, weights, h):
    inputs = []
    for w in weights:
        inputs.append(h)
        h = mm(h, w)
    return h, inputs


def backward(mm, weights, passed, trains=True, to_input=False):
    """Return the weights' gradients and the input's; the output stands in for its gradient."""
    grad, inputs = passed
    grads = []
    for i in reversed(range(len(weights))):
        if trains:
            grads.append(mm(inputs[i], grad, transpose_a=True))
        if i or to_input:
            grad = mm(grad, weights[i], transpose_b=True)
    return [*grads, grad]


def step(mm, nets, x, z, both, joined):
    """Multiply what one step of IID-GAN multiplies; returns all final results.

    Args:
        mm: function of two matrices and `transpose_a`, `transpose_b`.
        nets: dict of lists of weights.
        x: [B, 2]
        z: [B, 2]
        both: [2 B, 2]
        joined: whether D in its turn, and F, map two batches at once.
    """
    g, d, f = nets["generator"], nets["discriminator"], nets["encoder"]
    results = [forward(mm, g, z)[0]]
    for rows in [both] if joined else [x, z]:  # D's turn, on real and generated samples.
        results += backward(mm, d, forward(mm, d, rows))
    x_fake, through_g = forward(mm, g, z)  # The turn of G and F.
    results += backward(mm, d, forward(mm, d, x_fake), trains=False, to_input=True)
    z_real = x
    if joined:
        results += backward(mm, f, forward(mm, f, both), to_input=True)
    else:
        through_f = forward(mm, f, x)
        z_real = through_f[0]
        results += backward(mm, f, through_f)
        results += backward(mm, f, forward(mm, f, x_fake), to_input=True)
    results += backward(mm, g, forward(mm, g, z_real), to_input=True)
    return results + backward(mm, g, (x_fake, through_g))


def arrays():
    random = np.random.default_rng(0)
    nets = {}
    for role, outputs in OUTPUTS.items():
        shapes = itertools.pairwise((2, *UNITS, outputs))
        nets[role] = [random.normal(size=s).astype(np.float32) / s[0] ** 0.5 for s in shapes]
    rows = setting.config().batch_size
    x, z = random.normal(size=(2, rows, 2)).astype(np.float32)
    return nets, x, z, np.concatenate([x, z])


def shapes(joined=False):
    """Return (rows, inner, columns) of every product of a step."""
    seen = []

    def mm(a, b, transpose_a=False, transpose_b=False):
        a, b = a.T if transpose_a else a, b.T if transpose_b else b
        seen.append((*a.shape, b.shape[1]))
        return a @ b

    step(mm, *arrays(), joined)
    return seen


def flops():
    """Return the floating-point operations of one step's products, two per multiplication."""
    return sum(2 * rows * inner * columns for rows, inner, columns in shapes())


def make(variant):
    library, _, joined = variant.partition("_")
    return {"numpy": _numpy, "torch": _torch, "xla": _xla}[library](bool(joined))


class _Buffers:
    """Memory for every result of a step, the same in each."""

    def __init__(self, joined, allocate):
        self.all = [allocate((rows, columns)) for rows, _, columns in shapes(joined)]
        self.next = itertools.cycle(self.all).__next__


def _numpy(joined):
    data, buffers = arrays(), _Buffers(joined, lambda shape: np.empty(shape, np.float32))

    def mm(a, b, transpose_a=False, transpose_b=False):
        return np.matmul(a.T if transpose_a else a, b.T if transpose_b else b, out=buffers.next())

    return _repeat(lambda: step(mm, *data, joined))


def _torch(joined):
    import torch

    nets, *rows = arrays()
    nets = {role: [torch.from_numpy(w) for w in weights] for role, weights in nets.items()}
    rows, buffers = [torch.from_numpy(r) for r in rows], _Buffers(joined, torch.empty)

    def mm(a, b, transpose_a=False, transpose_b=False):
        return torch.mm(
            a.t() if transpose_a else a, b.t() if transpose_b else b, out=buffers.next()
        )

    return _repeat(torch.inference_mode()(lambda: step(mm, nets, *rows, joined)))


def _repeat(once):
    def run(steps):
        for _ in range(steps):
            once()

    return run


def _xla(joined):
    import tensorflow as tf

    nets, *rows = arrays()
    weights = tf.nest.map_structure(tf.constant, nets)

    @tf.function(jit_compile=True)
    def loop(count, weights, rows):
        def body(i, results):
            # A trace of the last results, lest the compiler find that each step repeats the first.
            trace = 1e-30 * results[-1][0, 0]
            moved = [r + trace for r in rows]
            return i + 1, step(tf.matmul, weights, *moved, joined)

        start = [tf.zeros(r.shape) for r in step(tf.matmul, weights, *rows, joined)]
        return tf.while_loop(lambda i, _: i < count, body, [0, start])[1]

    rows = [tf.constant(r) for r in rows]
    return lambda steps: loop(tf.constant(steps), weights, rows)[-1].numpy()


def versions():
    return {"numpy": np.__version__}

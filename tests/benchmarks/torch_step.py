"""The same training step in PyTorch: same networks, losses, optimizers, schedule and data.

Variants: `eager`; `compiled`, torch.compile of the two losses, with fused Adam; `whole`,
torch.compile of everything from the draw of z to Adam's update, as one graph. In each of them
`_joined` may follow: networks then map two batches at once where they map two with the same
weights.
"""

import functools
import itertools
import math

import numpy as np
import setting
import torch
import torch_whole
from torch import nn
from torch.nn import functional

from keras_iidgan.run_config import schedule_points

UNITS = (100, 200, 100)
ADAM_EPSILON = 1e-7  # Of Keras.


def mlp(inputs, outputs):
    sizes = [inputs, *UNITS, outputs]
    layers = [[nn.Linear(a, b), nn.ReLU()] for a, b in itertools.pairwise(sizes)]
    return nn.Sequential(*itertools.chain(*layers))[:-1]  # No ReLU at the end.


def networks():
    return {"generator": mlp(2, 2), "discriminator": mlp(2, 1), "encoder": mlp(2, 2)}


def both(network, a, b, joined):
    if not joined:
        return network(a), network(b)
    return network(torch.cat([a, b])).split(len(a))


def discriminator_loss(nets, x, z, joined=False):
    x_fake = nets["generator"](z).detach()
    real, fake = both(nets["discriminator"], x, x_fake, joined)
    return functional.softplus(-real).mean() + functional.softplus(fake).mean()


def generator_loss(nets, x, z, cycle_scale, weights, joined=False):
    """Return the sum of the terms, and the terms in the order of Keras' logs."""
    generator, encoder = nets["generator"], nets["encoder"]
    x_fake = generator(z)
    adversarial = functional.softplus(-nets["discriminator"](x_fake)).mean()
    z_real, z_back = both(encoder, x, x_fake, joined)
    z_cycle = weights["cycle"] * cycle_scale * (z - z_back).abs().mean()
    x_cycle = weights["cycle"] * cycle_scale * (x - generator(z_real)).abs().mean()
    gaussian = weights["gaussian"] * p_norm(z_real)
    terms = torch.stack([adversarial, z_cycle, x_cycle, gaussian])
    return terms.sum(), terms


def p_norm(z):
    """The norms of mean and covariance less I, in float32: PyTorch is a little faster so."""
    mean = z.mean(0)
    centred = z - mean
    cov = centred.T @ centred / len(z)
    return _norm(mean) + _norm(cov - torch.eye(len(mean)))


def _norm(a):
    return (a.square().sum() + 1e-12).sqrt()


class Schedule:
    """What changes from step to step: the learning rate, and what follows it or the step."""

    def __init__(self, config):
        name, points = schedule_points(config)
        assert name == "exponential", name
        self.steps, rates = zip(*points, strict=True)
        self.logarithms = np.log(rates)
        self.share, self.ema = config.hparam.get("z_cycle_decay", 0.0), config.ema
        assert config.hparam.get("x_cycle_decay", 0.0) == self.share

    def __call__(self, step):
        """Return learning rate, factor on the cycle terms, and decay of the generator's average."""
        rate = math.exp(np.interp(step, self.steps, self.logarithms))
        relative = rate / math.exp(self.logarithms[0])
        cycle_scale = min(1.0, relative / self.share) if self.share else 1.0
        return rate, cycle_scale, min(self.ema, (1 + step) / (10 + step))


def batches(x, size):
    """Yield batches forever, by a random permutation of the rows in each epoch."""
    while True:
        order = torch.randperm(len(x))
        for start in range(0, len(x) - size + 1, size):
            yield x[order[start : start + size]]


def make(variant):
    """Return a function that takes a number of steps, reading the losses' means at the end."""
    from keras_iidgan import data

    config = setting.config()
    torch.manual_seed(config.seed)
    x = torch.from_numpy(data.load(config.dataset, seed=config.seed, std=config.std).train)
    form, _, joined = variant.partition("_")
    if form == "whole":
        step = torch_whole.step(config, networks(), joined=bool(joined))
    else:
        step = loss_step(config, networks(), compiled=form == "compiled", joined=bool(joined))
    schedule, source, count = Schedule(config), batches(x, config.batch_size), itertools.count()

    def run(steps):
        totals = torch.zeros(5)
        for _ in range(steps):
            totals += step(next(source), *schedule(next(count)))
        return (totals / steps).tolist()

    return run


def weights_of(config):
    return {
        "cycle": config.hparam.get("cycle_weight", 3.0),
        "gaussian": config.hparam.get("gaussian_weight", 3.0),
    }


def loss_step(config, nets, compiled, joined):
    """A step with autograd's backward pass and PyTorch's fused Adam."""
    make_loss = torch.compile if compiled else lambda f: f
    d_loss = make_loss(functools.partial(discriminator_loss, nets, joined=joined))
    g_loss = make_loss(
        functools.partial(generator_loss, nets, weights=weights_of(config), joined=joined)
    )
    d_adam = _adam(config, nets["discriminator"])
    g_adam = _adam(config, nets["generator"], nets["encoder"])
    weights = [p.data for p in nets["generator"].parameters()]
    averages = [w.clone() for w in weights] if config.ema else []

    def step(x, rate, cycle_scale, decay):
        d = d_loss(x, torch.randn(len(x), 2))
        update(d_adam, d, rate)
        nets["discriminator"].requires_grad_(False)
        total, terms = g_loss(x, torch.randn(len(x), 2), torch.tensor(cycle_scale))
        update(g_adam, total, rate)
        nets["discriminator"].requires_grad_(True)
        if averages:
            torch._foreach_lerp_(averages, weights, 1 - decay)
        return torch.cat([d.detach()[None], terms.detach()])

    return step


def _adam(config, *nets):
    parameters = [p for net in nets for p in net.parameters()]
    betas = (config.beta_1, config.beta_2)
    return torch.optim.Adam(parameters, betas=betas, eps=ADAM_EPSILON, fused=True)


def update(adam, loss, rate):
    """Take a step down the gradient of `loss`."""
    adam.param_groups[0]["lr"] = rate
    adam.zero_grad(set_to_none=True)
    loss.backward()
    adam.step()


def versions():
    return {"torch": torch.__version__}

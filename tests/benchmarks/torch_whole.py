"""PyTorch's step as one compiled graph: draws, both losses, their gradients and Adam's updates."""

import functools

import torch
import torch_step
from torch import func


def step(config, nets, joined):
    weights = torch_step.weights_of(config)
    values = {name: dict(net.named_parameters()) for name, net in nets.items()}
    values = {n: {k: p.detach().clone() for k, p in ps.items()} for n, ps in values.items()}
    moments = [_zeros(values["discriminator"]), _zeros(values["generator"], values["encoder"])]
    average = [p.clone() for p in values["generator"].values()] if config.ema else []
    calls = {n: functools.partial(_call, net) for n, net in nets.items()}
    whole = torch.compile(functools.partial(_whole, calls, weights, config, joined))
    taken = 0

    def run(x, rate, cycle_scale, decay):
        nonlocal taken
        taken += 1
        b1, b2 = 1 - config.beta_1**taken, 1 - config.beta_2**taken
        changing = torch.tensor([rate * b2**0.5 / b1, cycle_scale, decay])
        return whole(values, moments, average, x, *changing.unbind())

    return run


def _call(net, parameters, inputs):
    return func.functional_call(net, parameters, inputs)


def _zeros(*groups):
    return [[torch.zeros_like(p) for g in groups for p in g.values()] for _ in range(2)]


def _whole(calls, weights, config, joined, values, moments, average, x, rate, cycle_scale, decay):
    def bound(**changed):
        return {n: functools.partial(calls[n], (values | changed)[n]) for n in calls}

    def d_loss(discriminator):
        nets = bound(discriminator=discriminator)
        return torch_step.discriminator_loss(nets, x, torch.randn(len(x), 2), joined)

    def g_loss(moved):
        z = torch.randn(len(x), 2)
        return torch_step.generator_loss(bound(**moved), x, z, cycle_scale, weights, joined)

    grads, d = func.grad_and_value(d_loss)(values["discriminator"])
    _adam(config, rate, values["discriminator"].values(), grads.values(), *moments[0])
    moved = {n: values[n] for n in ("generator", "encoder")}
    grads, (_, terms) = func.grad_and_value(g_loss, has_aux=True)(moved)
    for_both = [[v for n in moved for v in group[n].values()] for group in (values, grads)]
    _adam(config, rate, *for_both, *moments[1])
    if average:
        for mean, weight in zip(average, values["generator"].values(), strict=True):
            mean.lerp_(weight, 1 - decay)
    return torch.cat([d[None], terms])


def _adam(config, rate, parameters, grads, firsts, seconds):
    """Adam with Keras' epsilon; `rate` includes the corrections of the two moments."""
    for p, g, first, second in zip(parameters, grads, firsts, seconds, strict=True):
        first.lerp_(g, 1 - config.beta_1)
        second.lerp_(g.square(), 1 - config.beta_2)
        p.sub_(rate * first / (second.sqrt() + torch_step.ADAM_EPSILON))

"""The same step on images in PyTorch, channels last: networks, losses, optimizers and data.

Variants: `eager`, and `compiled`, torch.compile of the two losses. With `_joined` D in its turn
and F map two batches in one pass.
"""

import functools

import conv_setting
import torch
import torch_step
from torch import nn
from torch.nn import functional

SIDE, CHANNELS = conv_setting.SHAPE[0] // 4, conv_setting.SHAPE[-1]
WIDTH, SLOPE = 16, 0.2
_LAST = {"memory_format": torch.channels_last}


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(conv_setting.LATENT_DIM, SIDE * SIDE * 2 * WIDTH, bias=False)
        self.first = _norm(2 * WIDTH)
        self.up = nn.ConvTranspose2d(2 * WIDTH, WIDTH, 4, 2, 1, bias=False)
        self.second = _norm(WIDTH)
        self.last = nn.ConvTranspose2d(WIDTH, CHANNELS, 4, 2, 1)

    def forward(self, z):
        h = self.dense(z).view(-1, SIDE, SIDE, 2 * WIDTH).permute(0, 3, 1, 2)
        h = functional.relu(self.first(h))
        h = functional.relu(self.second(self.up(h)))
        return torch.tanh(self.last(h))


def _norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)  # As Keras has them.


class Downward(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.first = nn.Conv2d(CHANNELS, WIDTH, 4, 2, 1)
        self.second = nn.Conv2d(WIDTH, 2 * WIDTH, 4, 2, 1)
        self.dense = nn.Linear(SIDE * SIDE * 2 * WIDTH, outputs)

    def forward(self, x):
        h = functional.leaky_relu(self.first(x), SLOPE)
        h = functional.leaky_relu(self.second(h), SLOPE)
        return self.dense(h.permute(0, 2, 3, 1).flatten(1))


def networks():
    nets = {
        "generator": Generator(),
        "discriminator": Downward(1),
        "encoder": Downward(conv_setting.LATENT_DIM),
    }
    return {role: net.to(**_LAST) for role, net in nets.items()}


def generator_loss(nets, x, z, joined=False):
    """Return the sum of the terms, and the terms in the order of Keras' logs."""
    generator, encoder = nets["generator"], nets["encoder"]
    x_fake = generator(z)
    adversarial = functional.softplus(-nets["discriminator"](x_fake)).mean()
    z_real, z_back = torch_step.both(encoder, x, x_fake, joined)
    x_weight = x[0].numel() / z.shape[1]
    z_cycle = conv_setting.CYCLE_WEIGHT * (z - z_back).abs().mean()
    x_cycle = conv_setting.CYCLE_WEIGHT * x_weight * (x - generator(z_real)).abs().mean()
    gaussian = conv_setting.GAUSSIAN_WEIGHT * torch_step.p_norm(z_real)
    terms = torch.stack([adversarial, z_cycle, x_cycle, gaussian])
    return terms.sum(), terms


def make(variant):
    """Return a function that takes a number of steps, reading the losses' means at the end."""
    torch.manual_seed(0)
    form, _, joined = variant.partition("_")
    pixels = torch.from_numpy(conv_setting.images()).permute(0, 3, 1, 2).contiguous(**_LAST)
    source = torch_step.batches(pixels, conv_setting.BATCH_SIZE)
    step = _step(networks(), form == "compiled", bool(joined))

    def run(steps):
        totals = torch.zeros(5)
        for _ in range(steps):
            totals += step(next(source).contiguous(**_LAST) / 127.5 - 1)
        return (totals / steps).tolist()

    return run


def _step(nets, compiled, joined):
    make_loss = torch.compile if compiled else lambda f: f
    d_loss = make_loss(functools.partial(torch_step.discriminator_loss, nets, joined=joined))
    g_loss = make_loss(functools.partial(generator_loss, nets, joined=joined))
    d_adam = _adam(nets["discriminator"])
    g_adam = _adam(nets["generator"], nets["encoder"])

    def step(x):
        d = d_loss(x, torch.randn(len(x), conv_setting.LATENT_DIM))
        torch_step.update(d_adam, d, conv_setting.RATE)
        nets["discriminator"].requires_grad_(False)
        total, terms = g_loss(x, torch.randn(len(x), conv_setting.LATENT_DIM))
        torch_step.update(g_adam, total, conv_setting.RATE)
        nets["discriminator"].requires_grad_(True)
        return torch.cat([d.detach()[None], terms.detach()])

    return step


def _adam(*nets):
    parameters = [p for net in nets for p in net.parameters()]
    return torch.optim.Adam(
        parameters, betas=conv_setting.BETAS, eps=torch_step.ADAM_EPSILON, fused=True
    )


versions = torch_step.versions

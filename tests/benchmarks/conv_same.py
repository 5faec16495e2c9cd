"""Check that PyTorch's step on images computes the losses and gradients of ours."""

import conv_setting
import conv_torch
import numpy as np
import same_losses
import tensorflow as tf
import torch
import torch_step

_KERNEL = (3, 2, 0, 1)
# Sums over 150,000 pixels, and signs of the L1 term that rounding turns.
TOLERANCE = 1e-3


def main():
    from keras_iidgan.training.turns import Batch

    model = conv_setting.model()
    random = np.random.default_rng(0)
    z = random.normal(size=(conv_setting.BATCH_SIZE, conv_setting.LATENT_DIM)).astype(np.float32)
    x = conv_setting.images(conv_setting.BATCH_SIZE).astype(np.float32) / 127.5 - 1
    model.draw_latents = lambda batch: tf.constant(z)
    ours = same_losses.ours(model, Batch(tf.constant(x)))
    nets = _copied(model)
    x, z = torch.from_numpy(x).permute(0, 3, 1, 2), torch.from_numpy(z)
    d = torch_step.discriminator_loss(nets, x, z)
    g, terms = conv_torch.generator_loss(nets, x, z)
    theirs = same_losses.theirs(nets, d, g, terms, _as_keras)
    same_losses.compare(ours, theirs, TOLERANCE)


def _as_keras(gradient):
    """Turn a gradient's axes to those of Keras' weights."""
    if gradient.ndim == 4:
        return np.transpose(gradient.numpy(), (2, 3, 1, 0))
    return gradient.numpy().T


def _copied(model):
    """Return PyTorch's networks with the weights of ours.

    A kernel [h, w, a, b] is PyTorch's [b, a, h, w], of a convolution as of a transposed one.
    """
    nets = conv_torch.networks()
    with torch.no_grad():
        for role, net in nets.items():
            values = [v.numpy() for v in getattr(model, role).trainable_variables]
            for value, parameter in zip(values, net.parameters(), strict=True):
                turned = np.transpose(value, _KERNEL) if value.ndim == 4 else value.T
                parameter.copy_(torch.from_numpy(turned.copy()))
    return nets


if __name__ == "__main__":
    main()

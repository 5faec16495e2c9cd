"""Check that PyTorch's step computes the losses and gradients of ours, on the same weights."""

import numpy as np
import setting
import tensorflow as tf
import torch
import torch_step

TOLERANCE = 1e-4
TERMS = tuple(f"generator_{t}" for t in ("adversarial", "z_cycle", "x_cycle", "gaussian"))


def main():
    from keras_iidgan import session
    from keras_iidgan.training.turns import Batch

    config = setting.config()
    run = session.prepare(config)
    random = np.random.default_rng(0)
    z = random.normal(size=(config.batch_size, 2)).astype(np.float32)
    x = run.data.train[: config.batch_size]
    run.model.draw_latents = lambda batch: tf.constant(z)
    expected = ours(run.model, Batch(tf.constant(x)))
    nets, x, z = _copied(run.model), torch.from_numpy(x), torch.from_numpy(z)
    d = torch_step.discriminator_loss(nets, x, z)
    g, terms = torch_step.generator_loss(nets, x, z, 1.0, torch_step.weights_of(config))
    compare(expected, theirs(nets, d, g, terms, lambda gradient: gradient.numpy().T))


def compare(expected, found, tolerance=TOLERANCE):
    """End the process with a line where a loss or gradient of one library isn't the other's."""
    for name, value in expected.items():
        error = np.max(np.abs(value - found[name])) / max(1.0, np.max(np.abs(value)))
        if not error <= tolerance:
            raise SystemExit(
                f"the steps differ: {name} by {error:.2g}, more than {tolerance}; "
                f"Keras has {value.ravel()[:4]}, PyTorch {found[name].ravel()[:4]}"
            )
    print(f"{len(expected)} losses and gradients agree to {tolerance}")


def ours(model, batch):
    """Return the terms and gradients of every turn of a method, by name."""
    found = {}
    for turn in model.turns:
        variables = [v for role in turn.updates for v in getattr(model, role).trainable_variables]
        with tf.GradientTape() as tape:
            terms = model.loss_of(turn, batch)
            total = tf.add_n(list(terms.values()))
        found |= {f"{turn.player}_{name}": value.numpy() for name, value in terms.items()}
        gradients = [g.numpy() for g in tape.gradient(total, variables)]
        found |= _named_gradients(turn.player, gradients)
    return found


def theirs(nets, d, g, terms, as_keras):
    """Return the same of PyTorch's losses; `as_keras` turns a gradient's axes to Keras'."""
    found = {"discriminator_adversarial": d.detach().numpy()}
    found |= dict(zip(TERMS, terms.detach().numpy(), strict=True))
    for player, loss, roles in (
        ("discriminator", d, ["discriminator"]),
        ("generator", g, ["generator", "encoder"]),
    ):
        parameters = [p for role in roles for p in nets[role].parameters()]
        grads = torch.autograd.grad(loss, parameters, retain_graph=True)
        gradients = [as_keras(gradient) for gradient in grads]
        found |= _named_gradients(player, gradients)
    return found


def _named_gradients(player, gradients):
    return {f"{player}'s gradient {i}": g for i, g in enumerate(gradients)}


def _copied(model):
    """Return PyTorch's networks with the weights of ours; its kernels are transposed."""
    nets = torch_step.networks()
    with torch.no_grad():
        for role, net in nets.items():
            values = getattr(model, role).get_weights()
            for value, parameter in zip(values, net.parameters(), strict=True):
                parameter.copy_(torch.from_numpy(value.T.copy()))
    return nets


if __name__ == "__main__":
    main()

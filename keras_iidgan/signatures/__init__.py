"""The functions behind the signatures of an exported model.

Each module here has a function `signatures(parts)` that returns `{name: (function, [specs])}`, as
far as the networks of the method allow.
"""

import tensorflow as tf

from keras_iidgan.signatures import examples, interpolation, pictures, plain, refinement
from keras_iidgan.signatures.parts import Parts
from keras_iidgan.signatures.plain import latents_of

__all__ = ["endpoints", "latents_of", "networks"]


def networks(model):
    """Return the networks whose weights an export holds."""
    parts = Parts(model)
    found = (parts.generator, parts.encoder, parts.discriminator)
    return [network for network in found if network is not None]


def endpoints(model, refine_steps=50):
    """Return `{signature: (function, [input specs])}` for what the method's networks can do.

    Every function checks the shape of its inputs first, since servers don't, and returns a dict.
    All inputs and outputs have the rows of the batch as their first axis. Images of one channel
    come and go as [N, H, W]: as JSON the axis of the channel takes most of the time.

    With a conditional model samples are made of a `label`, and the label of a sample is found.
    The code of a stochastic encoder is its mean. A discriminator of pairs, D(x, z), scores a sample
    with the code that is found for it, D(x, F(x)).

    Args:
        model: a `Method`.
        refine_steps: steps of `invert_refined`; 0 leaves that signature out.
    """
    parts = Parts(model)
    found = plain.signatures(parts) | pictures.signatures(parts) | interpolation.signatures(parts)
    found |= refinement.signatures(parts, refine_steps) | examples.signatures(parts)
    return {
        name: (_checked(name, function, specs, parts.is_thin), specs)
        for name, (function, specs) in found.items()
    }


def _checked(name, function, specs, is_thin):
    """Trace a function under its signature's name, refusing inputs of another shape.

    Where images are thin, of one channel, the function sees that axis and the caller doesn't.
    """

    def checked(*inputs):
        tensors = []
        for tensor, spec in zip(inputs, specs, strict=True):
            tensor = tf.ensure_shape(tensor, spec.shape)
            tensors.append(tensor[..., tf.newaxis] if is_thin and spec.name[0] == "x" else tensor)
        outputs = function(*tensors)
        if is_thin and "x" in outputs:
            outputs["x"] = tf.squeeze(outputs["x"], -1)
        return outputs

    checked.__name__ = name
    # There are no Python branches on tensors to convert, which takes most of the tracing.
    return tf.function(checked, input_signature=specs, autograph=False)

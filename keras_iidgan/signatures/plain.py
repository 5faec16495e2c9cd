"""The signatures on codes, seeds and samples as they are."""

import functools

import tensorflow as tf

from keras_iidgan.signatures.parts import error, named


def signatures(parts):
    """Return `serving_default`, `sample`, `invert`, `reconstruct` and `score`."""
    bound = functools.partial
    seed = tf.TensorSpec([None], tf.int64, name="seed")
    found = {
        "serving_default": (bound(_serving_default, parts), [parts.z(), *parts.label]),
        "sample": (bound(sample, parts), [seed, *parts.label]),
    }
    if parts.encoder is not None:
        found["invert"] = (bound(invert, parts), [parts.x()])
        found["reconstruct"] = (bound(_reconstruct, parts), [parts.x()])
    if parts.encoder is not None or parts.discriminator is not None:
        # D of a conditional model judges x as one of a class.
        label = parts.label if parts.discriminator is not None else []
        found["score"] = (bound(_score, parts), [parts.x(), *label])
    return found


def latents_of(seeds, latent_dim):
    """Draw a code for every seed: [N] int64 -> [N, M] float32 from N(0, I).

    A row is a function of its own seed, bit for bit, whatever else is in the batch.
    """
    return tf.map_fn(
        lambda seed: tf.random.stateless_normal([latent_dim], tf.stack([seed, 0])),
        seeds,
        fn_output_signature=tf.TensorSpec([latent_dim], tf.float32),
    )


def sample(parts, seed, *label):
    """Return the samples `x` of seeds [N], their codes `z`, and the labels if there are any."""
    z = latents_of(seed, parts.latent_dim)
    return {"x": parts.observe(parts.generate(z, *label), seed), "z": z} | named(label)


def invert(parts, x):
    """Return the codes `z` of samples and, of a conditional model, `label` and `probability`."""
    z, logits = parts.encode(x)
    if logits is None:
        return {"z": z}
    return {"z": z, "label": tf.argmax(logits, axis=1), "probability": tf.nn.softmax(logits)}


def _serving_default(parts, z, *label):
    return {"x": parts.generate(z, *label)}


def _reconstruct(parts, x):
    z, label, rebuilt = parts.rebuild(x)
    return {"x": rebuilt, "z": z, "error": error(x, rebuilt)} | named(label)


def _score(parts, x, *label):
    scores = {}
    if parts.discriminator is not None:
        scores["logit"] = parts.judge(x, *label)
    if parts.encoder is not None:
        z, _, rebuilt = parts.rebuild(x)
        scores |= {"squared_norm": tf.reduce_sum(z * z, axis=1), "error": error(x, rebuilt)}
    return scores

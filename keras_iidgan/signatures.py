"""The functions behind the signatures of an exported model."""

import tensorflow as tf


def networks(model):
    """Return the networks whose weights an export holds."""
    return [network for network in _parts(model).values() if network is not None]


def _parts(model):
    return {
        "generator": model.sampler,
        "encoder": model.encoder if model.can_invert else None,
        "discriminator": getattr(model, "discriminator", None),
    }


def endpoints(model):
    """Return `{signature: (function, [input spec])}` for what the method's networks can do.

    Every function checks the shape of its input first, since servers don't, and returns a dict.
    """
    parts = _parts(model)
    z = tf.TensorSpec([None, model.latent_dim], tf.float32, name="z")
    x = tf.TensorSpec([None, *model.data_shape], tf.float32, name="x")
    seed = tf.TensorSpec([None], tf.int64, name="seed")
    found = {
        "serving_default": (_generate(parts["generator"], z), [z]),
        "sample": (_sample(parts["generator"], seed, model.latent_dim), [seed]),
    }
    if parts["encoder"] is not None:
        found["invert"] = (_invert(parts["encoder"], x), [x])
        found["reconstruct"] = (_reconstruct(parts["generator"], parts["encoder"], x), [x])
    if parts["encoder"] is not None or parts["discriminator"] is not None:
        found["score"] = (_score(x, **parts), [x])
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


def _generate(generator, spec):
    @tf.function(input_signature=[spec])
    def serving_default(z):
        return {"x": generator(tf.ensure_shape(z, spec.shape), training=False)}

    return serving_default


def _sample(generator, spec, latent_dim):
    @tf.function(input_signature=[spec])
    def sample(seed):
        z = latents_of(tf.ensure_shape(seed, spec.shape), latent_dim)
        return {"x": generator(z, training=False), "z": z}

    return sample


def _invert(encoder, spec):
    @tf.function(input_signature=[spec])
    def invert(x):
        return {"z": encoder(tf.ensure_shape(x, spec.shape), training=False)}

    return invert


def _reconstruct(generator, encoder, spec):
    @tf.function(input_signature=[spec])
    def reconstruct(x):
        x = tf.ensure_shape(x, spec.shape)
        z, rebuilt = _rebuild(generator, encoder, x)
        return {"x": rebuilt, "z": z, "error": _error(x, rebuilt)}

    return reconstruct


def _score(spec, generator, encoder, discriminator):
    @tf.function(input_signature=[spec])
    def score(x):
        x = tf.ensure_shape(x, spec.shape)
        scores = {}
        if discriminator is not None:
            scores["logit"] = discriminator(x, training=False)[:, 0]
        if encoder is not None:
            z, rebuilt = _rebuild(generator, encoder, x)
            scores |= {"squared_norm": tf.reduce_sum(z * z, axis=1), "error": _error(x, rebuilt)}
        return scores

    return score


def _rebuild(generator, encoder, x):
    z = encoder(x, training=False)
    return z, generator(z, training=False)


def _error(x, rebuilt):
    """Mean absolute difference of each row: [B, *shape] -> [B]."""
    return tf.reduce_mean(tf.abs(x - rebuilt), axis=list(range(1, x.shape.rank)))

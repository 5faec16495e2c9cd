"""The functions behind the signatures of an exported model."""

import tensorflow as tf


def networks(model):
    """Return the networks whose weights an export holds."""
    parts = (model.sampler, _encoder(model), _discriminator(model))
    return [network for network in parts if network is not None]


def _encoder(model):
    return model.encoder if model.can_invert else None


def _discriminator(model):
    return model.discriminator if model.can_score else None


def endpoints(model):
    """Return `{signature: (function, [input specs])}` for what the method's networks can do.

    Every function checks the shape of its inputs first, since servers don't, and returns a dict.
    With a conditional model samples are made of a `label`, and the label of a sample is found.
    The code of a stochastic encoder is its mean. A discriminator of pairs, D(x, z), scores a sample
    with the code that is found for it, D(x, F(x)).
    """
    parts = _Parts(model)
    z = tf.TensorSpec([None, model.latent_dim], tf.float32, name="z")
    x = tf.TensorSpec([None, *model.data_shape], tf.float32, name="x")
    seed = tf.TensorSpec([None], tf.int64, name="seed")
    label = [tf.TensorSpec([None], tf.int64, name="label")] if model.is_conditional else []
    found = {
        "serving_default": (parts.serving_default, [z, *label]),
        "sample": (parts.sample, [seed, *label]),
    }
    if parts.encoder is not None:
        found["invert"] = (parts.invert, [x])
        found["reconstruct"] = (parts.reconstruct, [x])
    if parts.encoder is not None or parts.discriminator is not None:
        # D of a conditional model judges x as one of a class.
        found["score"] = (parts.score, [x, *(label if parts.discriminator is not None else [])])
    return {name: (_checked(name, f, specs), specs) for name, (f, specs) in found.items()}


def _checked(name, function, specs):
    """Trace a function under its signature's name, refusing inputs of another shape."""

    def checked(*inputs):
        pairs = zip(inputs, specs, strict=True)
        return function(*(tf.ensure_shape(tensor, spec.shape) for tensor, spec in pairs))

    checked.__name__ = name
    return tf.function(checked, input_signature=specs)


def latents_of(seeds, latent_dim):
    """Draw a code for every seed: [N] int64 -> [N, M] float32 from N(0, I).

    A row is a function of its own seed, bit for bit, whatever else is in the batch.
    """
    return tf.map_fn(
        lambda seed: tf.random.stateless_normal([latent_dim], tf.stack([seed, 0])),
        seeds,
        fn_output_signature=tf.TensorSpec([latent_dim], tf.float32),
    )


class _Parts:
    """What each signature computes, from tensors to a dict of tensors."""

    def __init__(self, model):
        self.generator, self.encoder = model.sampler, _encoder(model)
        self.discriminator = _discriminator(model)
        self.judges_pairs = model.forms.get("discriminator") == "joint"
        self.latent_dim, self.num_classes = model.latent_dim, model.num_classes
        self.observe = model.observe

    def serving_default(self, z, *label):
        return {"x": self._generate(z, *label)}

    def sample(self, seed, *label):
        z = latents_of(seed, self.latent_dim)
        outputs = {"x": self.observe(self._generate(z, *label), seed), "z": z}
        return outputs | ({"label": label[0]} if label else {})

    def invert(self, x):
        z, logits = self._encode(x)
        if logits is None:
            return {"z": z}
        return {"z": z, "label": tf.argmax(logits, axis=1), "probability": tf.nn.softmax(logits)}

    def reconstruct(self, x):
        z, label, rebuilt = self._rebuild(x)
        return {"x": rebuilt, "z": z, "error": _error(x, rebuilt)} | (
            {"label": label[0]} if label else {}
        )

    def score(self, x, *label):
        scores = {}
        if self.discriminator is not None:
            inputs = [x, self._one_hot(*label)] if label else x
            if self.judges_pairs:
                inputs = [x, self._encode(x)[0]]
            scores["logit"] = self.discriminator(inputs, training=False)[:, 0]
        if self.encoder is not None:
            z, _, rebuilt = self._rebuild(x)
            scores |= {"squared_norm": tf.reduce_sum(z * z, axis=1), "error": _error(x, rebuilt)}
        return scores

    def _generate(self, z, *label):
        return self.generator([z, self._one_hot(*label)] if label else z, training=False)

    def _encode(self, x):
        """Return the codes, and the class logits or None."""
        outputs = self.encoder(x, training=False)
        if self.num_classes:
            return outputs
        return (outputs[0] if isinstance(outputs, (list, tuple)) else outputs), None

    def _rebuild(self, x):
        z, logits = self._encode(x)
        label = [] if logits is None else [tf.argmax(logits, axis=1)]
        return z, label, self._generate(z, *label)

    def _one_hot(self, label):
        known = tf.logical_and(label >= 0, label < self.num_classes)
        message = f"label must be in 0..{self.num_classes - 1}"
        with tf.control_dependencies([tf.debugging.assert_equal(known, True, message)]):
            return tf.one_hot(label, self.num_classes)


def _error(x, rebuilt):
    """Mean absolute difference of each row: [B, *shape] -> [B]."""
    return tf.reduce_mean(tf.abs(x - rebuilt), axis=list(range(1, x.shape.rank)))

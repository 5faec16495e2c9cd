"""What signatures are made of: the networks of a method, and the specs of inputs."""

import tensorflow as tf


class Parts:
    """The networks of a method as functions of tensors, and its inputs.

    Attributes:
        generator: network z -> x, that samples come from.
        encoder: network x -> z, or None.
        discriminator: network of single samples, or of pairs, or None.
        observe: function (x, seeds) -> x, as of the method.
        data_shape: of one sample.
        latent_dim: M.
        label: the specs of the label, one for a conditional model, else none.
    """

    def __init__(self, model):
        self.generator = model.sampler
        self.encoder = model.encoder if model.can_invert else None
        self.discriminator = model.discriminator if model.can_score else None
        self.judges_pairs = model.forms.get("discriminator") == "joint"
        self.data_shape, self.latent_dim = model.data_shape, model.latent_dim
        self.num_classes, self.observe = model.num_classes, model.observe
        labels = tf.TensorSpec([None], tf.int64, name="label")
        self.label = [labels] if model.is_conditional else []

    @property
    def is_image(self):
        """Whether a sample is a picture, grey or of three channels."""
        return len(self.data_shape) == 3 and self.data_shape[-1] in (1, 3)

    @property
    def is_thin(self):
        """Whether a sample has an axis of one channel, which is left out of what is served."""
        return len(self.data_shape) == 3 and self.data_shape[-1] == 1

    def z(self, name="z"):
        """Return the spec of codes."""
        return tf.TensorSpec([None, self.latent_dim], tf.float32, name=name)

    def x(self, name="x"):
        """Return the spec of samples, whose name begins with x."""
        shape = self.data_shape[:-1] if self.is_thin else self.data_shape
        return tf.TensorSpec([None, *shape], tf.float32, name=name)

    def generate(self, z, *label):
        """Return G(z), [B, *data_shape], or G(z, c) of labels [B]."""
        return self.generator([z, self._one_hot(*label)] if label else z, training=False)

    def encode(self, x):
        """Return the codes F(x), [B, M], and the class logits [B, classes] or None."""
        outputs = self.encoder(x, training=False)
        if self.num_classes:
            return outputs
        return (outputs[0] if isinstance(outputs, (list, tuple)) else outputs), None

    def judge(self, x, *label):
        """Return the logits of D, [B]."""
        inputs = [x, self._one_hot(*label)] if label else x
        if self.judges_pairs:
            inputs = [x, self.encode(x)[0]]
        return self.discriminator(inputs, training=False)[:, 0]

    def rebuild(self, x):
        """Return F(x), a list with the labels if there are any, and G of both."""
        z, logits = self.encode(x)
        label = [] if logits is None else [tf.argmax(logits, axis=1)]
        return z, label, self.generate(z, *label)

    def _one_hot(self, label):
        known = tf.logical_and(label >= 0, label < self.num_classes)
        message = f"label must be in 0..{self.num_classes - 1}"
        with tf.control_dependencies([tf.debugging.assert_equal(known, True, message)]):
            return tf.one_hot(label, self.num_classes)


def named(label):
    """Return the output `label` of a list of labels [B], or nothing where it is empty."""
    return {"label": label[0]} if label else {}


def error(x, rebuilt):
    """Mean absolute difference of each row: [B, *shape] -> [B]."""
    return tf.reduce_mean(tf.abs(x - rebuilt), axis=list(range(1, x.shape.rank)))

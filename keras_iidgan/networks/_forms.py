"""Networks of another form than the plain one of their role, around those of any architecture."""

import keras

from keras_iidgan.networks import _features

# Which role's network a form is one of.
FORMS = {"gaussian": "encoder", "joint": "discriminator"}

WIDTH, SLOPE = 512, 0.2  # Of the layer in which a joint discriminator sees an image with its code.


def shapes(form, data_shape, latent_dim):
    """Return the shapes of a row that a network of this form takes and gives, a list if several."""
    if form == "gaussian":
        return tuple(data_shape), [(latent_dim,), (latent_dim,)]
    return [tuple(data_shape), (latent_dim,)], (1,)


def build(make, form, data_shape, latent_dim):
    """Build the network of a form, from the plain one of its role.

    Architecture:
        gaussian   x -> (mean [B, M], log variance [B, M]); the plain encoder with 2 M outputs
        joint      (x, z [B, M]) -> logit; for points the plain discriminator, x and z side by
                   side; for others its features of x beside z, Dense 512, LeakyReLU(0.2), Dense 1

    Args:
        make: `build(role, data_shape, latent_dim)` of the architecture.
        form: one of `FORMS`.
        data_shape: shape of one sample.
        latent_dim: M.

    Raises:
        ValueError: for an unknown form.

    Reference:
        LDMGAN, 5.1 and 5.3, for `joint`: the discriminators of its BiGAN and VEEGAN. The width of
        the first of the "two fully-connected layers" isn't printed.
    """
    if form not in FORMS:
        raise ValueError(f"form must be one of {', '.join(FORMS)}; got {form!r}")
    x = keras.Input(data_shape, name="x")
    if form == "gaussian":
        outputs = make("encoder", data_shape, 2 * latent_dim)(x)
        parts = [outputs[:, :latent_dim], outputs[:, latent_dim:]]
        return keras.Model(x, parts, name=FORMS[form])
    z = keras.Input((latent_dim,), name="z")
    logit = _judge_pair(make, x, z)
    return keras.Model([x, z], logit, name=FORMS[form])


def _judge_pair(make, x, z):
    layers, data_shape, latent_dim = keras.layers, x.shape[1:], z.shape[-1]
    if len(data_shape) == 1:
        plain = make("discriminator", (data_shape[0] + latent_dim,), latent_dim)
        return plain(layers.Concatenate()([x, z]))
    seen = _features.without_last_weights(make("discriminator", data_shape, latent_dim))(x)
    h = layers.Dense(WIDTH)(layers.Concatenate()([seen, z]))
    return layers.Dense(1, dtype="float32")(layers.LeakyReLU(SLOPE)(h))

"""Networks that know the class of a sample, around those of any architecture."""

import keras


def build(make, role, data_shape, latent_dim, num_classes):
    """Build a network that takes or gives a class, from the plain one of its role.

    Architecture, c being a class as K shares, one-hot or not:
        generator       (z [B, M], c [B, K]) -> x; z and c side by side into the plain generator
        discriminator   (x, c [B, K]) -> logit; c as K further channels of x, equal at every pixel
        encoder         x -> (z [B, M], class logits [B, K]); the plain encoder with M + K outputs
    A latent discriminator is the plain one: codes are to be N(0, I) whatever the class.

    Args:
        make: `build(role, data_shape, latent_dim)` of the architecture.
        role: see `networks.ROLES`.
        data_shape: shape of one sample.
        latent_dim: M.
        num_classes: K.

    Reference:
        Mirza and Osindero, Conditional Generative Adversarial Nets, 2014; IID-GAN, appendix C.
    """
    c = keras.Input((num_classes,), name="c")
    if role == "generator":
        z = keras.Input((latent_dim,), name="z")
        plain = make(role, data_shape, latent_dim + num_classes)
        return keras.Model([z, c], plain(keras.layers.Concatenate()([z, c])), name=role)
    x = keras.Input(data_shape, name="x")
    if role == "discriminator":
        *space, channels = data_shape
        plain = make(role, (*space, channels + num_classes), latent_dim)
        seen = keras.layers.Concatenate()([x, _at_every_pixel(c, space)])
        return keras.Model([x, c], plain(seen), name=role)
    if role == "encoder":
        outputs = make(role, data_shape, latent_dim + num_classes)(x)
        return keras.Model(x, [outputs[:, :latent_dim], outputs[:, latent_dim:]], name=role)
    return make(role, data_shape, latent_dim)


def _at_every_pixel(c, space):
    """Spread classes [B, K] over the axes of `space`: [B, *space, K]."""
    if not space:
        return c
    maps = keras.layers.Reshape([*(1 for _ in space), c.shape[-1]])(c)
    return keras.layers.UpSampling2D(tuple(space))(maps)

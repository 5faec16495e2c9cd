"""Network builders: `build(architecture, role, ...)` returns one Keras model.

Every module here with a `build(role, data_shape, latent_dim)` function is an architecture, and its
name is the value of `--architecture`. A role is one of `ROLES`.
"""

import functools
import importlib
import pkgutil

__all__ = [
    "ROLES",
    "build",
    "default",
    "featured",
    "latent_dim",
    "names",
    "output_shape",
    "positive",
]

# Roles beside those that every architecture builds, and the role whose network they have.
LIKE = {"diffusion_discriminator": "discriminator"}
ROLES = ("generator", "discriminator", "encoder", "latent_discriminator", *LIKE)


def names():
    """Return the known architectures, sorted."""
    found = pkgutil.iter_modules(__path__)
    return sorted(module.name for module in found if not module.name.startswith("_"))


def default(data_shape):
    """Return the architecture that suits `data_shape`.

    `conv8` for 8x8 images, `dcgan` for other images that it can make, `mlp` for all else.
    """
    # Here, for they import Keras, and names are asked for before it is there.
    from keras_iidgan.networks import _images, conv8, dcgan

    if _images.is_square(data_shape, conv8.SIDES):
        return "conv8"
    return "dcgan" if _images.is_square(data_shape, dcgan.SIDES) else "mlp"


def latent_dim(architecture, data_shape):
    """Return the latent size of an architecture's paper; where none is known 2 for points, or 32.

    Raises:
        ValueError: for an unknown architecture.
    """
    usual = 2 if len(data_shape) == 1 else 32
    return getattr(_module(architecture, data_shape), "LATENT_DIM", usual)


def output_shape(role, data_shape, latent_dim, num_classes=0):
    """Return the shape of a row that a network of this role puts out; a list if it has several."""
    shapes = {"generator": tuple(data_shape), "encoder": (latent_dim,)}
    if num_classes:
        shapes["encoder"] = [(latent_dim,), (num_classes,)]
    return shapes.get(role, (1,))


def build(architecture, role, *, data_shape, latent_dim, num_classes=0, form=None):
    """Build one network.

    Args:
        architecture: one of `names()`, or `"auto"` for `default(data_shape)`; one whose module has
            a function `sized` also as NAME:SIZES.
        role: one of `ROLES`.
        data_shape: shape of one sample without the batch axis.
        latent_dim: M, the number of latent dimensions.
        num_classes: K, for networks that know the class of a sample; see `_conditional`.
        form: None for the plain network of a role, or one of the forms of `_forms`.

    Returns:
        A built functional `keras.Model` named after its role. Its output is float32 under any
        dtype policy, so that losses are computed in full precision.

    Raises:
        ValueError: for an unknown architecture or role, or a shape that the architecture can't do.
    """
    module = _module(architecture, data_shape)
    if role not in ROLES:
        raise ValueError(f"role must be one of {', '.join(ROLES)}; got {role!r}")
    make, sizes = module.build, (tuple(data_shape), latent_dim)
    if form:
        from keras_iidgan.networks import _forms

        return _forms.build(make, form, *sizes)
    if num_classes:
        from keras_iidgan.networks import _conditional

        make, sizes = functools.partial(_conditional.build, make), (*sizes, num_classes)
    network = make(LIKE.get(role, role), *sizes)
    network.name = role
    return network


def featured(network):
    """Return a callable that gives a network's features with its output; see `Featured`."""
    from keras_iidgan.networks._features import Featured

    return Featured(network)


def positive(network):
    """Return a network with a softplus after its output, which is then above 0."""
    import keras

    softplus = keras.layers.Activation("softplus", dtype="float32")
    return keras.Model(network.inputs[0], softplus(network.outputs[0]), name=network.name)


def _module(architecture, data_shape):
    if architecture == "auto":
        architecture = default(data_shape)
    name, colon, sizes = architecture.partition(":")
    if name not in names():
        known = ", ".join(["auto", *names()])
        raise ValueError(f"architecture must be one of {known}; got {architecture!r}")
    module = importlib.import_module(f"{__name__}.{name}")
    if colon and not hasattr(module, "sized"):
        raise ValueError(f"architecture must be {name}, which has no sizes; got {architecture!r}")
    return module.sized(sizes) if colon else module


# Below, the imports are inside for the same reason as in `default`.


def form_shapes(form, data_shape, latent_dim):
    """Return the shapes of a row that a network of a form takes and gives; see `_forms`."""
    from keras_iidgan.networks import _forms

    return _forms.shapes(form, data_shape, latent_dim)


def without_batch_norm(network):
    """Return a network without its BatchNorm layers, the very one if it has none."""
    from keras_iidgan.networks import _rebuilt

    return _rebuilt.without_batch_norm(network)


def refuse_batch_norm(role, network):
    """Raise ValueError if a given network has BatchNorm, which mixes the rows of a batch."""
    from keras_iidgan.networks import _rebuilt

    _rebuilt.refuse_batch_norm(role, network)


def in_float32():
    """Return a context in which networks are built in float32, whatever the dtype policy."""
    from keras_iidgan.networks import _rebuilt

    return _rebuilt.in_float32()


def spectrally_normalized(network):
    """Return a copy of a network with the kernel W / sigma(W) in every layer that has one."""
    from keras_iidgan.networks import _spectral

    return _spectral.spectrally_normalized(network)

"""A user's own network as a feature extractor."""

import pathlib

import numpy as np
from scipy import special

from keras_iidgan.data.errors import first_line
from keras_iidgan.features.base import Extractor, Unavailable, digest_of


def extractor(path) -> Extractor:
    """Load a Keras model or a SavedModel.

    It gets float32 images [n, H, W, C] in [-1, 1]: resized bilinearly, with antialiasing, where the
    network says that it takes another size, and grey ones three times where it takes three
    channels. It puts out features [n, D] (or [n, 1, 1, D]); or a dictionary with `features`, and
    `logits` or `probabilities` [n, K] if it has them.

    Args:
        path: a `.keras` file, or the folder of a SavedModel that is callable or has a signature
            `serving_default` of one input.

    Raises:
        Unavailable: it can't be loaded.
    """
    path = pathlib.Path(path).expanduser()
    call, shape = _load(path)
    return Extractor(path.name, digest_of(path), lambda x: _apply(call, shape, path.name, x))


def _load(path):
    """Return a function of images, and the shape of one that it says it takes or None."""
    import keras
    import tensorflow as tf

    try:
        if path.suffix == ".keras":
            model = keras.saving.load_model(path, compile=False)
            return lambda x: model(x, training=False), _row(getattr(model, "input_shape", None))
        loaded = tf.saved_model.load(str(path))
    except (OSError, ValueError, TypeError, tf.errors.OpError) as error:
        raise Unavailable(f"{path} can't be loaded as a network: {first_line(error)}") from None
    signature = loaded.signatures.get("serving_default")
    inputs = signature.structured_input_signature[1] if signature else {}
    shape = _row(next(iter(inputs.values())).shape.as_list()) if len(inputs) == 1 else None
    if callable(loaded):
        return loaded, shape
    if signature is None:
        raise Unavailable(f"{path} must be callable or have a signature serving_default")
    if len(inputs) != 1:
        raise Unavailable(f"{path} must have one input; it has {', '.join(inputs) or 'none'}")
    return lambda x: signature(**{next(iter(inputs)): x}), shape


def _row(shape):
    """The shape of an image [H, W, C], each a number or None; None of all else."""
    is_images = isinstance(shape, (tuple, list)) and len(shape) == 4
    return tuple(shape[1:]) if is_images and isinstance(shape[0], (int, type(None))) else None


def _apply(call, shape, name, x):
    import tensorflow as tf

    try:
        outputs = call(_suited(tf.convert_to_tensor(x), shape))
    except (ValueError, TypeError, tf.errors.OpError) as error:
        raise Unavailable(
            f"{name} can't take images of shape {x.shape[1:]}: {first_line(error)}"
        ) from None
    probabilities = None
    if isinstance(outputs, dict):
        if "logits" in outputs:
            probabilities = special.softmax(np.asarray(outputs["logits"], np.float64), axis=-1)
        probabilities = outputs.get("probabilities", probabilities)
        others = [v for k, v in outputs.items() if k not in ("logits", "probabilities")]
        outputs = outputs.get("features", others[0] if len(others) == 1 else None)
        if outputs is None:
            raise Unavailable(f"{name} must put out features, or a dictionary that has them")
    features = np.asarray(outputs)
    if features.ndim == 4 and features.shape[1:3] == (1, 1):
        features = features[:, 0, 0]
    return features, probabilities


def _suited(x, shape):
    """Images in the size and with the channels that a network says it takes."""
    import tensorflow as tf

    if shape is None:
        return x
    if shape[-1] == 3 and x.shape[-1] == 1:
        x = tf.repeat(x, 3, axis=-1)
    size = [wanted or given for wanted, given in zip(shape[:2], x.shape[1:3], strict=True)]
    return x if size == list(x.shape[1:3]) else tf.image.resize(x, size, antialias=True)

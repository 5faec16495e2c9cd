"""A user's own network as a feature extractor."""

import pathlib

import numpy as np
from scipy import special

from keras_iidgan.features.base import Extractor, Unavailable, digest_of


def extractor(path) -> Extractor:
    """Load a Keras model or a SavedModel.

    It gets float32 images [n, H, W, C] in [-1, 1], and puts out features, which are flattened to
    [n, D]; or a dictionary with `features`, and `logits` or `probabilities` [n, K] if it has them.

    Args:
        path: a `.keras` file, or the folder of a SavedModel that is callable or has a signature
            `serving_default` of one input.

    Raises:
        Unavailable: it can't be loaded.
    """
    path = pathlib.Path(path).expanduser()
    call = _load(path)
    return Extractor(path.name, digest_of(path), lambda x: _apply(call, path.name, x))


def _load(path):
    import keras
    import tensorflow as tf

    try:
        if path.suffix == ".keras":
            model = keras.saving.load_model(path, compile=False)
            return lambda x: model(x, training=False)
        loaded = tf.saved_model.load(str(path))
    except (OSError, ValueError, TypeError, tf.errors.OpError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        raise Unavailable(f"{path} can't be loaded as a network: {reason}") from None
    if callable(loaded):
        return lambda x: loaded(tf.convert_to_tensor(x))
    signature = loaded.signatures.get("serving_default")
    if signature is None:
        raise Unavailable(f"{path} must be callable or have a signature serving_default")
    names = list(signature.structured_input_signature[1])
    if len(names) != 1:
        raise Unavailable(f"{path} must have one input; it has {', '.join(names) or 'none'}")
    return lambda x: signature(**{names[0]: tf.convert_to_tensor(x)})


def _apply(call, name, x):
    import tensorflow as tf

    try:
        outputs = call(x)
    except (ValueError, TypeError, tf.errors.OpError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        raise Unavailable(f"{name} can't take images of shape {x.shape[1:]}: {reason}") from None
    probabilities = None
    if isinstance(outputs, dict):
        if "logits" in outputs:
            probabilities = special.softmax(np.asarray(outputs["logits"], np.float64), axis=-1)
        probabilities = outputs.get("probabilities", probabilities)
        others = [v for k, v in outputs.items() if k not in ("logits", "probabilities")]
        outputs = outputs.get("features", others[0] if len(others) == 1 else None)
        if outputs is None:
            raise Unavailable(f"{name} must put out features, or a dictionary that has them")
    return np.reshape(np.asarray(outputs, np.float32), [len(x), -1]), probabilities

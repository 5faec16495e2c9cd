"""TF-GAN's Inception network, the one that printed FIDs, Inception Scores and KIDs rest on.

Reference:
    Szegedy et al., Rethinking the Inception Architecture, 2015: the graph of 2015-12-05, as Heusel
    et al. (FID) and Salimans et al. (Inception Score) use it. Keras' own InceptionV3 has other
    weights, so figures that rest on that one aren't comparable; name it by its path, if at all.
"""

import hashlib
import pathlib

import numpy as np
from scipy import special

from keras_iidgan.data import prepared
from keras_iidgan.data.errors import first_line
from keras_iidgan.features.base import Extractor, Unavailable, digest_of
from keras_iidgan.tfgan_shim import tfhub

HUB = "https://tfhub.dev/tensorflow/tfgan/eval/inception/1"
SIDE = 299


def extractor(path=None) -> Extractor:
    """Load the network from a folder, or from TensorFlow Hub.

    Args:
        path: folder of the SavedModel, or None.

    Raises:
        Unavailable: there is no such folder, no network, or it is something else.
    """
    if path:
        folder = pathlib.Path(path).expanduser()
        name, digest = f"Inception of {folder.name}", digest_of(folder)
        module = _from_folder(folder)
    else:
        folder = _from_hub()
        name, digest = f"Inception ({HUB})", digest_of(folder)
        module = _from_folder(folder)
    return Extractor(name, digest, lambda x: _apply(module, x), batch_size=64)


def _from_folder(folder):
    import tensorflow as tf

    if not (folder / "saved_model.pb").is_file():
        raise Unavailable(f"--inception_path must name a SavedModel; {folder} holds none")
    try:
        return tf.saved_model.load(str(folder))
    except (OSError, ValueError, tf.errors.OpError) as error:
        raise Unavailable(f"{folder} can't be loaded: {first_line(error)}") from None


def _from_hub():
    try:
        hub = tfhub()
        if not _is_kept():
            prepared.check_network("tfhub.dev")
        return pathlib.Path(hub.resolve(HUB))
    except Exception as error:  # Many kinds: of the network, of the server, of the disk.
        raise Unavailable(
            f"Inception can't be had from {HUB} ({first_line(error)}); --inception_path names a "
            "folder that it was unpacked into"
        ) from None


def _is_kept():
    """Whether the network lies where TensorFlow Hub looks for it before it downloads."""
    from tensorflow_hub import resolver

    name = hashlib.sha1(HUB.encode()).hexdigest()
    return (pathlib.Path(resolver.tfhub_cache_dir(use_temp=True)) / name).is_dir()


def _apply(module, x):
    """Resize bilinearly to 299x299 as TensorFlow 1 did, and take `pool_3` and the logits.

    The values stay in [-1, 1], which is what TF-GAN's module takes. The graph of 2015 was given
    (p - 128) / 128 for pixels p in 0..255; that differs by less than 0.008.
    """
    import tensorflow as tf

    x = np.repeat(x, 3, axis=-1) if x.shape[-1] == 1 else x
    x = tf.compat.v1.image.resize_bilinear(tf.convert_to_tensor(x), [SIDE, SIDE])
    call = module if callable(module) else module.signatures["serving_default"]
    outputs = call(x)
    missing = {"pool_3", "logits"} - set(outputs if isinstance(outputs, dict) else ())
    if missing:
        raise Unavailable(f"the Inception network must give {', '.join(sorted(missing))}")
    features = np.reshape(outputs["pool_3"], [len(x), -1])
    return features, special.softmax(np.asarray(outputs["logits"], np.float64), axis=-1)

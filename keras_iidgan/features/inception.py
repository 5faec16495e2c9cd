"""The Inception network of the printed figures, as TF-GAN gives it by TensorFlow Hub."""

import pathlib

from keras_iidgan.data import network
from keras_iidgan.features.base import Extractor, Unavailable, digest_of_files, fitted, softmax
from keras_iidgan.features.saved_model import SavedModel

HANDLE = "https://tfhub.dev/tensorflow/tfgan/eval/inception/1"
NAME = "inception tensorflow/tfgan/eval/inception/1"
SIDE = 299


def make(path: str | None = None) -> Extractor:
    """Makes an extractor of TF-GAN's Inception: features `pool_3`, probabilities of `logits`.

    Pixels go in as TF-GAN's users feed them: (p - 128) / 128 of p in 0..255, which are
    interpolated to 299x299 bilinearly as TensorFlow 1 did.

    Args:
        path: a local copy of the SavedModel; None reads TensorFlow Hub's cache or downloads.

    Raises:
        Unavailable: there is no such folder or no network, or it isn't that model.

    Reference:
        TF-GAN, `tfgan.eval.inception_metrics`; the weights are those of Salimans et al., 2016.
    """
    folder = pathlib.Path(path).expanduser() if path else _from_hub()
    model = SavedModel(folder, "--inception_path")

    def function(x):
        stored = (x + 1) * 127.5
        found = model(fitted((stored - 128) / 128, SIDE, SIDE, 3))
        missing = {"pool_3", "logits"} - set(found)
        if missing:
            raise Unavailable(
                f"{folder} must give pool_3 and logits; got {', '.join(sorted(found))}"
            )
        return _flat(found["pool_3"]), softmax(_flat(found["logits"]))

    return Extractor(NAME, digest_of_files(folder), function, 50)


def _flat(x):
    return x.reshape(len(x), -1)


def _from_hub():
    try:
        from keras_iidgan.tfgan_shim import tfhub

        hub = tfhub()
        if not _is_cached():
            network.check("tfhub.dev", timeout=5)
        return pathlib.Path(hub.resolve(HANDLE))
    except Exception as error:  # Many kinds: of the network, of the server, of the import.
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        raise Unavailable(
            f"Inception can't be read from TensorFlow Hub ({reason}); --inception_path names a "
            f"local copy of {HANDLE}"
        ) from None


def _is_cached():
    """Whether TensorFlow Hub has the model on this machine, where it looks before it downloads."""
    import hashlib

    from tensorflow_hub import resolver

    name = hashlib.sha1(HANDLE.encode()).hexdigest()
    return (pathlib.Path(resolver.tfhub_cache_dir(use_temp=True)) / name).is_dir()

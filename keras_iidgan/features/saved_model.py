"""Any SavedModel or .keras file as a backbone."""

import pathlib

import numpy as np

from keras_iidgan.features.base import Extractor, Unavailable, digest_of_files, fitted, softmax


def make(path: str) -> Extractor:
    """Makes an extractor of a model of the user's.

    It takes images in [-1, 1], which are brought to the size and channels that it declares. It
    gives features [N, D]; or, of a dict, `features` or `pool_3`, and where there are any
    `probabilities`, or `logits` that are turned into them.

    Args:
        path: a .keras file, or the folder of a SavedModel with a signature `serving_default` or
            that can be called.

    Raises:
        Unavailable: there is no such file, or it can't be loaded.
    """
    path = pathlib.Path(path).expanduser()
    model = (KerasFile if path.suffix == ".keras" else SavedModel)(path, "--features")

    def function(x):
        return _chosen(path, model(fitted(x, *model.image)))

    return Extractor(f"model {path.name}", digest_of_files(path), function)


def _chosen(path, found):
    if len(found) == 1:
        return _flat(next(iter(found.values()))), None
    features = found.get("features", found.get("pool_3"))
    if features is None:
        raise Unavailable(
            f"{path} must give one output, or one called features; got {', '.join(sorted(found))}"
        )
    if "probabilities" in found:
        return _flat(features), found["probabilities"]
    return _flat(features), softmax(found["logits"]) if "logits" in found else None


def _flat(x):
    """Features that were pooled to one place, [n, 1, 1, D], as rows; others as they are."""
    return x.reshape(len(x), -1) if set(x.shape[1:-1]) == {1} else x


class SavedModel:
    """A SavedModel, called by its signature `serving_default` or as it is.

    Args:
        path: its folder.
        flag: what named it, for errors.

    Attributes:
        image: (H, W, C) that the signature declares, None for what it leaves open.

    Raises:
        Unavailable: there is none at `path`, or nothing in it can be called.
    """

    def __init__(self, path: pathlib.Path, flag: str):
        import tensorflow as tf

        if not (path / "saved_model.pb").is_file():
            raise Unavailable(f"{flag} must name a model that exists; {path} holds no SavedModel")
        try:
            self._model = tf.saved_model.load(str(path))  # Kept: a signature alone lets go of it.
        except Exception as error:  # Many kinds, by the file that is broken.
            raise Unavailable(f"{flag}={path} can't be loaded: {first_line(error)}") from None
        self._path, self.image = path, (None, None, None)
        self._call = self._model
        signature = self._model.signatures.get("serving_default")
        if signature is not None:
            (name, spec), *others = signature.structured_input_signature[1].items()
            if others or spec.shape.rank not in (4, None):
                raise Unavailable(f"{path} must take one batch of images [N, H, W, C]; got {spec}")
            self._call = lambda x: signature(**{name: x})
            self.image = tuple(spec.shape)[1:] if spec.shape.rank else self.image
        elif not callable(self._model):
            raise Unavailable(f"{path} must have a signature serving_default or be callable")

    def __call__(self, x) -> dict[str, np.ndarray]:
        """Returns its outputs by name."""
        return named(self._path, self._call, x)


class KerasFile:
    """A model that Keras saved; attributes as of `SavedModel`."""

    def __init__(self, path: pathlib.Path, flag: str):
        import keras

        if not path.is_file():
            raise Unavailable(f"{flag} must name a model that exists; got {path}")
        try:
            self._model = keras.saving.load_model(path, compile=False)
        except Exception as error:  # Many kinds, by what the archive lacks.
            raise Unavailable(f"{flag}={path} can't be loaded: {first_line(error)}") from None
        shape = getattr(self._model, "input_shape", None)
        if not isinstance(shape, tuple) or len(shape) != 4:
            raise Unavailable(f"{path} must take images [N, H, W, C]; it takes {shape}")
        self._path, self.image = path, shape[1:]

    def __call__(self, x) -> dict[str, np.ndarray]:
        """Returns its outputs by name."""
        return named(self._path, lambda x: self._model(x, training=False), x)


def named(path, call, x) -> dict[str, np.ndarray]:
    """Calls a model and names what it gives.

    Raises:
        Unavailable: the model refuses the images.
    """
    try:
        found = call(x)
    except Exception as error:  # TensorFlow's and Keras' many ways to say that a shape is wrong.
        raise Unavailable(
            f"{path} can't take images {tuple(x.shape)}: {first_line(error)}"
        ) from None
    if not isinstance(found, dict):
        parts = found if isinstance(found, (list, tuple)) else [found]
        found = {f"output_{i}": part for i, part in enumerate(parts)}
    return {name: np.asarray(part) for name, part in found.items()}


def first_line(error) -> str:
    """Returns the beginning of what an error says."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]

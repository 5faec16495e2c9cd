"""Networks that say what an image shows: features, and class probabilities where they have them.

Figures such as FID rest on such a network, so its name stands beside every one of them.
"""

import pathlib

from keras_iidgan.features.base import Extractor, Unavailable

__all__ = ["CHOICES", "Extractor", "Unavailable", "load"]

CHOICES = ("auto", "inception", "classifier")


def check_name(name):
    """Raise ValueError unless `name` is one of `CHOICES` or an existing path."""
    if name not in CHOICES and not pathlib.Path(name).expanduser().exists():
        raise ValueError(f"features must be {', '.join(CHOICES)} or an existing path; got {name!r}")


def load(name, data, *, inception_path=None) -> Extractor:
    """Load a feature extractor for a data set.

    Args:
        name: `inception`, the Inception network of TF-GAN, to which printed FIDs, Inception Scores
            and KIDs refer; `classifier`, the classifier of digits that assigns the data's modes;
            `auto`, the classifier where the data have it and Inception for all others; or the path
            of a Keras model or of a SavedModel, see `custom`.
        data: a `Data`.
        inception_path: folder of TF-GAN's Inception as a SavedModel; None takes it from TensorFlow
            Hub, which needs a network.

    Raises:
        Unavailable: it can't be had here, or the data aren't images; the message says why.
        ValueError: `name` is neither known nor a path.
    """
    check_name(name)
    if data.kind != "images":
        raise Unavailable(f"features are of images, and {data.name} has {data.kind}")
    has_classifier = hasattr(data.assign, "class_features")
    if name == "auto":
        name = "classifier" if has_classifier else "inception"
    if name == "classifier":
        from keras_iidgan.features import digits

        if not has_classifier:
            raise Unavailable(f"there is no classifier of {data.name}")
        return digits.extractor(data.assign)
    if name == "inception":
        from keras_iidgan.features import inception

        return inception.extractor(inception_path)
    from keras_iidgan.features import custom

    return custom.extractor(name)

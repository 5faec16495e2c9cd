"""Which models are batched, and how, by TensorFlow Serving's three flags."""

import dataclasses

from keras_iidgan.serving.batching import config as batching_config
from keras_iidgan.serving.batching.config import BatchingParameters
from keras_iidgan.serving.batching.servable import Batched
from keras_iidgan.serving.errors import invalid


def choose(enable_batching, batching_parameters_file, enable_per_model_batching_parameters):
    """Read what the flags say.

    Args:
        enable_batching: Whether there is batching at all.
        batching_parameters_file: Path of the file with the parameters of all models, or nothing.
        enable_per_model_batching_parameters: Whether each version's folder has its own; one
            without isn't batched then. Only the number of threads is that of all models.

    Returns:
        Function (servable, the version's folder) to a servable, for whoever loads versions. It
        raises INVALID_ARGUMENT where the folder's own file is wrong.

    Raises:
        ValueError: A flag without the one it needs, or a file that is wrong; in one line that
            begins with the flag's name.
    """
    if not enable_batching:
        if batching_parameters_file:
            raise ValueError(
                f"batching_parameters_file needs --enable_batching; got {batching_parameters_file}"
            )
        if enable_per_model_batching_parameters:
            raise ValueError("enable_per_model_batching_parameters needs --enable_batching")
        return lambda servable, folder: servable
    common = BatchingParameters()
    if batching_parameters_file:
        try:
            common = batching_config.read(batching_parameters_file)
        except ValueError as error:
            raise ValueError(
                f"batching_parameters_file must be a file of batching parameters; got {error}"
            ) from None
    if enable_per_model_batching_parameters:
        return lambda servable, folder: _by_folder(servable, folder, common)
    return lambda servable, folder: Batched(servable, common)


def _by_folder(servable, folder, common):
    try:
        own = batching_config.read_per_model(folder)
    except ValueError as error:
        raise invalid(str(error)) from None
    if own is None:
        return servable
    return Batched(servable, dataclasses.replace(own, num_batch_threads=common.num_batch_threads))

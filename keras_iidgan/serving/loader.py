"""From the folder of a version to a servable that has answered its first requests."""

from keras_iidgan.serving import engine, warmup


def load(path, enable_model_warmup=True, num_request_iterations_for_warmup=0):
    """Load a version and warm it up.

    Args:
        path: The version's folder.
        enable_model_warmup: Whether its warm-up requests are run.
        num_request_iterations_for_warmup: How often each; used only if it is above 0.

    Returns:
        A `SavedModel`.

    Raises:
        StatusError: It can't be loaded, or a warm-up request failed.
    """
    servable = engine.SavedModel(path)
    try:
        if enable_model_warmup:
            warmup.replay(servable, path, num_request_iterations_for_warmup)
    except BaseException:
        servable.close()
        raise
    return servable

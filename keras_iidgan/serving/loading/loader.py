"""From the folder of a version to a servable that has answered its first requests."""

from keras_iidgan.serving.loading import engine, warmup


def load(path, enable_model_warmup=True, num_request_iterations_for_warmup=0, wrap=None):
    """Load a version and warm it up.

    Args:
        path: The version's folder.
        enable_model_warmup: Whether its warm-up requests are run.
        num_request_iterations_for_warmup: How often each; used only if it is above 0.
        wrap: Function (servable, path) that returns what is served in the servable's place, one
            that runs requests together say; warmed up is that, and it closes what it wraps.

    Returns:
        A servable, see `registry.models`.

    Raises:
        StatusError: It can't be loaded, or a warm-up request failed.
    """
    servable = engine.SavedModel(path)
    try:
        if wrap:
            servable = wrap(servable, path)
        if enable_model_warmup:
            warmup.replay(servable, path, num_request_iterations_for_warmup)
    except BaseException:
        servable.close()
        raise
    return servable

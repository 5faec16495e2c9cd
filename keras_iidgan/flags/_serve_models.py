"""The flags of the models that are served: which, which versions, and their warm-up."""

from absl import flags as absl_flags


def define_models(values):
    """Define the flags of models and versions."""
    _define_models(values)
    _define_warmup(values)


def _define_models(values):
    seconds, count = absl_flags.DEFINE_float, absl_flags.DEFINE_integer
    absl_flags.DEFINE_alias("model_base_path", "model", flag_values=values)
    absl_flags.DEFINE_string(
        "model_config_file",
        None,
        "Several models, as a ModelServerConfig in text format; instead of --model.",
        flag_values=values,
    )
    seconds(
        "model_config_file_poll_wait_seconds",
        0,
        "Time between two readings of that file; 0 reads it once.",
        flag_values=values,
    )
    seconds(
        "file_system_poll_wait_seconds",
        1,
        "Time between two looks for new versions; with 0 or less those at the start stay.",
        flag_values=values,
    )
    count(
        "max_num_load_retries",
        5,
        "How often a version that can't be loaded is tried again.",
        lower_bound=0,
        flag_values=values,
    )
    count(
        "load_retry_interval_micros",
        60_000_000,
        "Time between two such tries; none where it is negative.",
        flag_values=values,
    )
    absl_flags.DEFINE_bool(
        "allow_version_labels_for_unavailable_models",
        False,
        "Let new labels stand for versions that aren't available yet; at the start none is.",
        flag_values=values,
    )


def _define_warmup(values):
    absl_flags.DEFINE_bool(
        "enable_model_warmup",
        True,
        "Run a version's warm-up requests before it is available.",
        flag_values=values,
    )
    absl_flags.DEFINE_integer(
        "num_request_iterations_for_warmup",
        0,
        "How often each of them is run, if it is above 0.",
        flag_values=values,
    )

"""The flags of batching, metrics and limits of the server."""

from absl import flags as absl_flags


def define_limits(values):
    """Define the flags of batching, metrics and limits."""
    _define_batching(values)
    _define_limits(values)


def _define_batching(values):
    text, switch = absl_flags.DEFINE_string, absl_flags.DEFINE_bool
    switch("enable_batching", False, "Run waiting requests together.", flag_values=values)
    text(
        "batching_parameters_file",
        None,
        "Text file of TensorFlow Serving's BatchingParameters.",
        flag_values=values,
    )
    switch(
        "enable_per_model_batching_parameters",
        False,
        "Read the parameters from batching_params.pbtxt in each version's folder instead.",
        flag_values=values,
    )
    text(
        "monitoring_config_file",
        None,
        "Text file of TensorFlow Serving's MonitoringConfig: whether Prometheus finds metrics.",
        flag_values=values,
    )


def _define_limits(values):
    whole = absl_flags.DEFINE_integer
    for name, default, text in (
        ("max_body_bytes", 32 << 20, "Largest body of a request."),
        ("max_rows", 10_000, "Most rows of a request."),
        ("rest_api_timeout_in_ms", 30_000, "Longest time for an answer; 504 after it."),
        ("read_timeout_in_ms", 60_000, "Longest time to send head or body."),
        ("max_lists", 1 << 20, "Most lists and objects of a JSON body."),
        ("max_waiting", 1000, "Most requests that are worked on or wait; 503 beyond it."),
        ("rest_api_num_threads", None, "Requests worked on at once; 4 a core by default."),
    ):
        whole(name, default, text, flag_values=values)
    absl_flags.DEFINE_bool(
        "rest_api_enable_cors_support",
        False,
        "Let pages of other origins read the answers.",
        flag_values=values,
    )

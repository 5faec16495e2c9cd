"""The flags of the server."""

from absl import flags as absl_flags


def define_serve(values):
    """Define the flags of `keras_iidgan.serve`."""
    text = absl_flags.DEFINE_string
    text("model", None, "Folder with one sub-folder a version.", flag_values=values)
    text("model_name", None, "Name in the URL; the folder's by default.", flag_values=values)
    text("host", "127.0.0.1", "Address to listen on.", flag_values=values)
    absl_flags.DEFINE_integer(
        "rest_api_port", 8501, "Port of the REST interface; 0 takes a free one.", flag_values=values
    )
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
        ("read_timeout_in_ms", 60_000, "Longest time for a client to send head or body."),
        ("rest_api_num_threads", None, "Requests worked on at once; 4 a core by default."),
    ):
        whole(name, default, text, flag_values=values)
    absl_flags.DEFINE_bool(
        "rest_api_enable_cors_support",
        False,
        "Let pages of other origins read the answers.",
        flag_values=values,
    )

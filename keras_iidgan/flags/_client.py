"""The flags of the client's command line."""

from absl import flags as absl_flags

FORMATS = ("text", "csv", "json")


def define_client(values):
    """Define the flags of `keras_iidgan.serving.client`."""
    _define_server(values)
    text, whole = absl_flags.DEFINE_string, absl_flags.DEFINE_integer
    whole("n", 16, "Number of samples.", lower_bound=1, flag_values=values)
    whole("seed", 0, "Seed of the first sample; the next has the next.", flag_values=values)
    whole(
        "label",
        None,
        "Class of samples, or as which they are scored; by default every one in turn, or the one"
        " that the encoder sees.",
        lower_bound=0,
        flag_values=values,
    )
    whole("k", 9, "Places of an interpolation.", lower_bound=2, flag_values=values)
    text("out", None, "Picture to draw: .png, .pdf or .svg.", flag_values=values)
    text("reconstruct", None, "Picture of originals and G of their codes.", flag_values=values)
    absl_flags.DEFINE_bool("refine", False, "Whether to improve codes.", flag_values=values)
    absl_flags.DEFINE_enum("format", "text", FORMATS, "How codes are printed.", flag_values=values)


def _define_server(values):
    text = absl_flags.DEFINE_string
    text(
        "url",
        "http://localhost:8501",
        "Of the server: http, https, grpc or grpcs; may end in /v1/models/NAME.",
        flag_values=values,
    )
    text("model", None, "The model's name, where the URL has none.", flag_values=values)
    text("token_file", None, "File whose first line is the token to send.", flag_values=values)
    text("ca_file", None, "Certificates, PEM, to trust.", flag_values=values)
    absl_flags.DEFINE_float("timeout", 30.0, "Seconds to wait.", flag_values=values)
    absl_flags.DEFINE_integer("chunk", None, "Most rows of a request.", flag_values=values)

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

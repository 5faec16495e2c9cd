"""The flags of the server."""

from absl import flags as absl_flags

from keras_iidgan.flags._serve_limits import define_limits
from keras_iidgan.flags._serve_models import define_models


def define_serve(values):
    """Define the flags of `keras_iidgan.serve`."""
    text = absl_flags.DEFINE_string
    text("model", None, "Folder with one sub-folder a version.", flag_values=values)
    text("model_name", None, "Name in the URL; the folder's by default.", flag_values=values)
    text("host", "127.0.0.1", "Address to listen on.", flag_values=values)
    absl_flags.DEFINE_bool("ui", True, "Whether / is a page to try it on.", flag_values=values)
    _define_grpc(values)
    _define_security(values)
    absl_flags.DEFINE_integer(
        "rest_api_port", 8501, "Port of the REST interface; 0 takes a free one.", flag_values=values
    )
    define_models(values)
    define_limits(values)


def _define_grpc(values):
    integer = absl_flags.DEFINE_integer
    integer(
        "port",
        None,
        "Port of the gRPC interface; 0 turns it off, -1 takes a free one. By default 8500, if that"
        " is free and gRPC is installed.",
        lower_bound=-1,
        upper_bound=65535,
        flag_values=values,
    )
    integer(
        "grpc_max_threads",
        None,
        "gRPC calls that are worked on at once; by default four for each core.",
        lower_bound=1,
        flag_values=values,
    )
    absl_flags.DEFINE_string(
        "grpc_channel_arguments",
        "",
        "Arguments of the gRPC server: grpc.max_connection_age_ms=2000,...",
        flag_values=values,
    )
    absl_flags.DEFINE_bool(
        "enable_serialization_as_tensor_content",
        False,
        "Whether gRPC answers have numbers as tensor_content.",
        flag_values=values,
    )
    absl_flags.DEFINE_bool(
        "enable_reload_config",
        None,
        "Whether HandleReloadConfigRequest may name folders to load. By default where --host is of"
        " this machine alone, or clients need a token or a certificate.",
        flag_values=values,
    )


def _define_security(values):
    text = absl_flags.DEFINE_string
    for name, meaning in {
        "ssl_certfile": "Certificate chain, PEM, with which REST and gRPC speak TLS.",
        "ssl_keyfile": "The certificate's private key, PEM, without a password.",
        "ssl_client_ca_file": "Certificates, PEM, one of which must have signed a client's.",
        "ssl_config_file": "Text SSLConfig as TensorFlow Serving has it, for gRPC alone.",
        "auth_token_file": "File of tokens, one a line, of which every request needs one in"
        " Authorization: Bearer TOKEN. It is read again when it changes.",
    }.items():
        text(name, None, meaning, flag_values=values)

"""How the examples of a component are stored: their schema and TFX's way to read them."""

import pathlib

from keras_iidgan.cli import UsageError


def of_trainer(fn_args):
    """Return the arguments `schema` and `accessor` of `reading.read` for a Trainer.

    Where there is a Transform graph, examples are what Transform wrote, and its schema of them goes
    before the one of the data.

    Args:
        fn_args: TFX's FnArgs.
    """
    transformed = getattr(fn_args, "transform_graph_path", None)
    path = getattr(fn_args, "schema_path", None)
    schema = None
    if transformed:
        schema = _of_transform(transformed)
    elif path:
        schema = read_schema(path)
    return {"schema": schema, "accessor": getattr(fn_args, "data_accessor", None)}


def _of_transform(path):
    import tensorflow_transform as tft

    return tft.TFTransformOutput(path).transformed_metadata.schema


def read_schema(path):
    """Read a schema in text form.

    Args:
        path: of the file.

    Raises:
        UsageError: if it can't be read.
    """
    from google.protobuf import text_format
    from tensorflow_metadata.proto.v0 import schema_pb2

    try:
        return text_format.Parse(pathlib.Path(path).read_text(), schema_pb2.Schema())
    except (OSError, text_format.ParseError) as error:
        reason = " ".join(str(error).split())
        raise UsageError(f"the schema {path} can't be read: {reason}") from None

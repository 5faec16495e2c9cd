"""Configuration files in protobuf's text format, whose messages no wheel has.

The messages are described here by their fields, so that protobuf itself reads the files: all that
the format allows is read, and what a message doesn't have is refused with its line.
"""

import pathlib
import re

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format
from google.protobuf import wrappers_pb2 as wrappers

_PACKAGE = "tensorflow.serving"
_FIELD = descriptor_pb2.FieldDescriptorProto
_SCALARS = {"int64": _FIELD.TYPE_INT64, "bool": _FIELD.TYPE_BOOL, "string": _FIELD.TYPE_STRING}


def message_classes(file, messages):
    """Make message classes of a description.

    Args:
        file: Name of the .proto file that they would be in.
        messages: `{message: {field: (number, type)}}`. A type is int64, bool, string, "repeated "
            with one of them, or the full name of a message, of `google.protobuf`'s wrappers too.

    Returns:
        `{message: class}`.
    """
    description = descriptor_pb2.FileDescriptorProto(name=file, package=_PACKAGE, syntax="proto3")
    description.dependency.append(wrappers.DESCRIPTOR.name)
    for name, fields in messages.items():
        message = description.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            _add_field(message, field, number, kind)
    # A pool of its own: another library may have messages of the same names in the default one.
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(wrappers.DESCRIPTOR.serialized_pb)
    pool.AddSerializedFile(description.SerializeToString())
    find = pool.FindMessageTypeByName
    return {name: message_factory.GetMessageClass(find(f"{_PACKAGE}.{name}")) for name in messages}


def _add_field(message, name, number, kind):
    scalar = kind.removeprefix("repeated ")
    label = _FIELD.LABEL_OPTIONAL if scalar == kind else _FIELD.LABEL_REPEATED
    field = message.field.add(name=name, number=number, label=label)
    if scalar in _SCALARS:
        field.type = _SCALARS[scalar]
    else:
        field.type, field.type_name = _FIELD.TYPE_MESSAGE, f".{kind}"


def read(path, message):
    """Read a file into a message.

    Args:
        path: The file's path.
        message: An empty message.

    Returns:
        The message, and the file's text.

    Raises:
        ValueError: The file can't be read, or isn't such a message; in one line that begins with
            the path and the number of the file's line, to stand behind "got".
    """
    try:
        text = pathlib.Path(path).read_text()
        return text_format.Parse(text, message), text
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise ValueError(f"{path}: {reason}") from None
    except text_format.ParseError as error:
        reason = re.sub(r"^\d+:\d+ : ", "", " ".join(str(error).split()))
        raise ValueError(f"{path}:{error.GetLine() or 1}: {reason}") from None

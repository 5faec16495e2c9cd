"""TensorFlow Serving's messages, as far as the client needs them, without TensorFlow.

The packages tensorflow-serving-api and tensorflow have these messages too, and importing them takes
seconds, for it imports all of TensorFlow. So names, numbers and types of fields are told here once
more, in a pool of their own that leaves those packages' alone. Fields that are left out are skipped
in what comes, as the protocol has it.
"""

from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, message_factory, wrappers_pb2

_TYPES = (
    "INVALID FLOAT DOUBLE INT32 UINT8 INT16 INT8 STRING COMPLEX64 INT64 BOOL QINT8 QUINT8 QINT32"
    " BFLOAT16 QINT16 QUINT16 UINT16 COMPLEX128 HALF RESOURCE VARIANT UINT32 UINT64"
)
_CODES = (
    "OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS"
    " PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED"
    " INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED"
)
_STATES = {"UNKNOWN": 0, "START": 10, "LOADING": 20, "AVAILABLE": 30, "UNLOADING": 40, "END": 50}

# Package -> name -> values of an enumeration, or fields of a message as {name: (number, type)}.
_ENUMS = {
    "tensorflow": {
        "DataType": {f"DT_{name}": number for number, name in enumerate(_TYPES.split())},
        "Code": {name: number for number, name in enumerate(_CODES.split())},
    },
    "tensorflow.serving": {"State": _STATES},
}
_MESSAGES = {
    "tensorflow": {
        "Dim": {"size": (1, "int64"), "name": (2, "string")},
        "TensorShapeProto": {"dim": (2, "repeated .Dim"), "unknown_rank": (3, "bool")},
        "TensorProto": {
            "dtype": (1, "enum .DataType"),
            "tensor_shape": (2, ".TensorShapeProto"),
            "tensor_content": (4, "bytes"),
            "float_val": (5, "repeated float"),
            "double_val": (6, "repeated double"),
            "int_val": (7, "repeated int32"),
            "string_val": (8, "repeated bytes"),
            "int64_val": (10, "repeated int64"),
            "bool_val": (11, "repeated bool"),
            "uint32_val": (16, "repeated uint32"),
            "uint64_val": (17, "repeated uint64"),
        },
        "TensorInfo": {
            "name": (1, "string"),
            "dtype": (2, "enum .DataType"),
            "tensor_shape": (3, ".TensorShapeProto"),
        },
        "SignatureDef": {
            "inputs": (1, "map .TensorInfo"),
            "outputs": (2, "map .TensorInfo"),
            "method_name": (3, "string"),
            "defaults": (4, "map .TensorProto"),
        },
    },
    "tensorflow.serving": {
        "ModelSpec": {
            "name": (1, "string"),
            "version": (2, ".google.protobuf.Int64Value"),
            "signature_name": (3, "string"),
        },
        "PredictRequest": {
            "model_spec": (1, ".ModelSpec"),
            "inputs": (2, "map .tensorflow.TensorProto"),
        },
        "PredictResponse": {
            "outputs": (1, "map .tensorflow.TensorProto"),
            "model_spec": (2, ".ModelSpec"),
        },
        "GetModelMetadataRequest": {
            "model_spec": (1, ".ModelSpec"),
            "metadata_field": (2, "repeated string"),
        },
        "GetModelMetadataResponse": {
            "model_spec": (1, ".ModelSpec"),
            "metadata": (2, "map .google.protobuf.Any"),
        },
        "SignatureDefMap": {"signature_def": (1, "map .tensorflow.SignatureDef")},
        "StatusProto": {"error_code": (1, "enum .tensorflow.Code"), "error_message": (2, "string")},
        "ModelVersionStatus": {
            "version": (1, "int64"),
            "state": (2, "enum .State"),
            "status": (3, ".StatusProto"),
        },
        "GetModelStatusRequest": {"model_spec": (1, ".ModelSpec")},
        "GetModelStatusResponse": {"model_version_status": (1, "repeated .ModelVersionStatus")},
    },
}
_Field = descriptor_pb2.FieldDescriptorProto


def _add_field(message, package, name, number, kind):
    """Add a field to a `DescriptorProto`; a map is a repeated message of its key and value."""
    *how, kind = kind.split()
    field = message.field.add(name=name, number=number, label=_Field.LABEL_OPTIONAL)
    if how and how[0] in ("repeated", "map"):
        field.label = _Field.LABEL_REPEATED
    if how == ["map"]:
        entry = message.nested_type.add(name=name.title().replace("_", "") + "Entry")
        entry.options.map_entry = True
        _add_field(entry, package, "key", 1, "string")
        _add_field(entry, package, "value", 2, kind)
        kind = f".{package}.{message.name}.{entry.name}"
    if not kind.startswith("."):
        field.type = getattr(_Field, f"TYPE_{kind.upper()}")
        return
    field.type = _Field.TYPE_ENUM if how == ["enum"] else _Field.TYPE_MESSAGE
    field.type_name = kind if kind.count(".") > 1 else f".{package}{kind}"


def _file(package, dependencies):
    file = descriptor_pb2.FileDescriptorProto(
        name=f"{package}.proto", package=package, syntax="proto3", dependency=dependencies
    )
    for name, values in _ENUMS[package].items():
        enum = file.enum_type.add(name=name)
        for value, number in values.items():
            enum.value.add(name=value, number=number)
    for name, fields in _MESSAGES[package].items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            _add_field(message, package, field, number, kind)
    return file


def _classes():
    pool, names = descriptor_pool.DescriptorPool(), []
    for known in (any_pb2, wrappers_pb2):
        pool.AddSerializedFile(known.DESCRIPTOR.serialized_pb)
        names.append(known.DESCRIPTOR.name)
    for package in _MESSAGES:
        pool.AddSerializedFile(_file(package, names).SerializeToString())
        names.append(f"{package}.proto")
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{package}.{name}"))
        for package, messages in _MESSAGES.items()
        for name in messages
    }


CLASSES = _classes()

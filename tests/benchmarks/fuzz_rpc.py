"""gRPC calls, from right to hostile."""

import threading

import fuzz_bodies
import fuzz_files
import grpc
import numpy as np

_SERVICE = "/tensorflow.serving."
METHODS = [
    _SERVICE + name
    for name in (
        "PredictionService/Predict",
        "PredictionService/GetModelMetadata",
        "PredictionService/Classify",
        "PredictionService/Regress",
        "PredictionService/MultiInference",
        "ModelService/GetModelStatus",
    )
] + ["/grpc.health.v1.Health/Check"]
UNKNOWN = ["/", "/x/y", _SERVICE + "PredictionService/predict", "/../etc/passwd", "//", "/%00/a"]
ALLOWED = frozenset(
    "OK INVALID_ARGUMENT FAILED_PRECONDITION NOT_FOUND UNIMPLEMENTED RESOURCE_EXHAUSTED"
    " UNAVAILABLE DEADLINE_EXCEEDED OUT_OF_RANGE".split()
)
_LEAKS = ("Traceback", 'File "', "site-packages", "/tmp/", "/home/")


def channel(port):
    return grpc.insecure_channel(f"127.0.0.1:{port}")


def make(rng, signatures):
    """Return (kind, method, message, metadata)."""
    choice = rng.random()
    metadata = _metadata(rng)
    if choice < 0.01:
        return "half", rng.choice(METHODS), b"", metadata
    if choice < 0.03:
        return "unknown method", rng.choice(UNKNOWN), rng.randbytes(10), metadata
    if choice < 0.1:
        return "random bytes", rng.choice(METHODS), rng.randbytes(rng.choice([0, 5, 300])), metadata
    if choice < 0.3:
        request = _spec_request(rng, signatures)
        return "spec", rng.choice(METHODS[1:]), request, metadata
    message = _predict(rng, signatures).SerializeToString()
    if choice < 0.45:
        message = fuzz_files.mutate(rng, message)
    return "predict", METHODS[0], message, metadata


def _metadata(rng):
    if rng.random() < 0.9:
        return ()
    return rng.choice(
        [(("x", "y" * 5000),), (("authorization", "Bearer x"),),
         (("x-bin", b"\xff\x00"),), tuple((f"k{i}", "v") for i in range(50))]
    )  # fmt: skip


def _spec_request(rng, signatures):
    """Write a message whose first field is a ModelSpec, as most requests have it."""
    request = _predict(rng, signatures)
    request.ClearField("inputs")
    message = request.SerializeToString()
    if rng.random() < 0.5:
        message += b"\x12\x0dsignature_def"
    return fuzz_files.mutate(rng, message) if rng.random() < 0.5 else message


def _predict(rng, signatures):
    from tensorflow_serving.apis import predict_pb2

    model = rng.choice(list(signatures))
    name = rng.choice(list(signatures[model]))
    request = predict_pb2.PredictRequest()
    request.model_spec.name = rng.choice([model] * 20 + ["", "../toy", "x" * 5000, "\0"])
    request.model_spec.signature_name = rng.choice([name] * 20 + ["", "x" * 5000, "\u00e9\n"])
    if rng.random() < 0.1:
        request.model_spec.version.value = rng.choice([3, 7, -1, 2**63 - 1, 0])
    elif rng.random() < 0.1:
        request.model_spec.version_label = rng.choice(["stable", "", "\r\nx: y"])
    rows = rng.choice([1, 2, 5])
    for alias, (dtype, rest) in signatures[model][name].items():
        sizes = [rows, *fuzz_bodies._sizes(rng, rest)]
        request.inputs[alias].CopyFrom(_tensor(rng, sizes, dtype))
        if rng.random() < 0.15:
            _spoil(rng, request.inputs[alias])
    if rng.random() < 0.1:
        request.output_filter.extend(rng.choice([["x"], ["y", "y"], [""], ["z" * 3000]]))
    return request


def _tensor(rng, sizes, dtype):
    import tensorflow as tf

    if dtype == "string":
        values = [fuzz_files.picture(rng) for _ in range(int(np.prod(sizes)))]
        return tf.make_tensor_proto(np.array(values, object).reshape(sizes), tf.string)
    values = np.random.default_rng(rng.getrandbits(32)).uniform(-2, 3, sizes)
    return tf.make_tensor_proto(values.astype(dtype))


def _spoil(rng, proto):
    """Make of a tensor one whose parts don't fit."""
    kind = rng.randrange(8)
    if kind == 0:
        proto.dtype = rng.choice([0, 1, 3, 7, 8, 9, 14, 19, 20, 21, 23, 101, 999])
    elif kind == 1:
        proto.tensor_content = rng.randbytes(rng.choice([0, 1, 3, 4, 64, 5000]))
    elif kind == 2:
        for dim, size in zip(proto.tensor_shape.dim, _declared(rng), strict=False):
            dim.size = size
        if rng.random() < 0.7:
            proto.ClearField("tensor_content")
    elif kind == 3:
        for _ in range(rng.choice([1, 60, 65, 255, 3000])):
            proto.tensor_shape.dim.add().size = rng.choice([1, 1, 0, 2, 2**62, -1])
    elif kind == 4:
        proto.tensor_shape.unknown_rank = True
    elif kind == 5:
        proto.ClearField("tensor_shape")
    elif kind == 6:
        proto.float_val.extend([float("nan"), 1e38] * rng.choice([1, 1000]))
    else:
        proto.string_val.append(rng.randbytes(50))


def _declared(rng):
    return rng.choice(
        [(2**31, 2**31), (2**62, 4), (10**9,), (10**6, 60), (3 * 10**4, 10**3), (-1, 2), (0, 2**62)]
    )


def leave(channel, method, seconds):
    """Begin a call and go away without its message."""
    over = threading.Event()
    begun = channel.stream_unary(method, None, None).future(iter(over.wait, True))
    over.wait(seconds)
    begun.cancel()
    over.set()


def call(channel, method, message, metadata, timeout=60):
    """Make a call; returns the name of its code and the message of an error."""
    function = channel.unary_unary(method, None, None)
    try:
        function(message, metadata=metadata, timeout=timeout)
    except grpc.RpcError as error:
        return error.code().name, error.details() or ""
    return "OK", ""


def problem(kind, code, details):
    """Say what is wrong with the answer to a call, or return `None`."""
    # What isn't the message of the method can't be parsed; that has this code in gRPC.
    unparsed = code == "INTERNAL" and "deserializ" in details
    if code not in ALLOWED and not unparsed:
        return f"code {code}: {details[:300]}"
    if any(word in details for word in _LEAKS):
        return f"tells of the inside: {details[:300]}"
    return None

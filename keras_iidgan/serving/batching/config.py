"""TensorFlow Serving's file of batching parameters."""

import dataclasses
import pathlib

from keras_iidgan.serving import text_config

PER_MODEL_FILE = "batching_params.pbtxt"

_INT64, _BOOL = "google.protobuf.Int64Value", "google.protobuf.BoolValue"
_WRAPPED = {
    "max_batch_size": (1, _INT64),
    "batch_timeout_micros": (2, _INT64),
    "max_enqueued_batches": (3, _INT64),
    "num_batch_threads": (4, _INT64),
    "thread_pool_name": (5, "google.protobuf.StringValue"),
    "enable_large_batch_splitting": (8, _BOOL),
    "max_execution_batch_size": (9, _INT64),
}
_PLAIN = {
    "allowed_batch_sizes": (6, "repeated int64"),
    "pad_variable_length_inputs": (7, "bool"),
}
_Message = text_config.message_classes(
    "batching_parameters.proto", {"BatchingParameters": _WRAPPED | _PLAIN}
)["BatchingParameters"]


@dataclasses.dataclass(frozen=True)
class BatchingParameters:
    """How requests are put together.

    Attributes:
        max_batch_size: Rows of a batch, and of a request unless large ones are split.
        batch_timeout_micros: How long a request waits for others where nothing else runs.
        max_enqueued_batches: Batches of a signature that may wait; a request beyond is refused.
        num_batch_threads: Batches of a signature that run at once. The reference server has one a
            core by default; here, where no other thread of Python runs meanwhile, larger batches
            are worth more, and TensorFlow spreads each over the cores anyway.
        allowed_batch_sizes: Sizes that a batch is padded to, ascending; empty for any size.
        pad_variable_length_inputs: Whether requests whose other sizes differ are padded to the
            largest, or else run apart.
        enable_large_batch_splitting: Whether a request may be cut into several batches.
        max_execution_batch_size: Rows of a batch where requests may be cut.
    """

    max_batch_size: int = 1000
    batch_timeout_micros: int = 0
    max_enqueued_batches: int = 10
    num_batch_threads: int = 1
    allowed_batch_sizes: tuple[int, ...] = ()
    pad_variable_length_inputs: bool = False
    enable_large_batch_splitting: bool = False
    max_execution_batch_size: int = 0

    def __post_init__(self):
        for name in ("max_batch_size", "max_enqueued_batches", "num_batch_threads"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be positive; was {getattr(self, name)}")
        if self.batch_timeout_micros < 0:
            value = self.batch_timeout_micros
            raise ValueError(f"batch_timeout_micros must be non-negative; was {value}")
        if not 1 <= self.execution_limit <= self.max_batch_size:
            raise ValueError(
                f"max_execution_batch_size must be from 1 to max_batch_size,"
                f" {self.max_batch_size}; was {self.max_execution_batch_size}"
            )
        self._check_allowed_sizes()

    def _check_allowed_sizes(self):
        sizes = self.allowed_batch_sizes
        if sizes and (sizes[0] < 1 or list(sizes) != sorted(set(sizes))):
            raise ValueError(
                f"allowed_batch_sizes entries must be positive and increasing; were {list(sizes)}"
            )
        if sizes and sizes[-1] != self.execution_limit:
            limit = (
                "max_execution_batch_size"
                if self.enable_large_batch_splitting
                else "max_batch_size"
            )
            raise ValueError(
                f"Last entry in allowed_batch_sizes must match {limit}; last entry was"
                f" {sizes[-1]}; expected {self.execution_limit}"
            )

    @property
    def execution_limit(self):
        """The rows that run at once, at most."""
        if not self.enable_large_batch_splitting:
            return self.max_batch_size
        return self.max_execution_batch_size or self.max_batch_size

    def padded(self, rows):
        """Return the size that a batch of so many rows is padded to."""
        return next((size for size in self.allowed_batch_sizes if size >= rows), rows)


def read(path):
    """Read a file of batching parameters.

    Args:
        path: Path of a text file, `max_batch_size { value: 32 }` and the like.

    Returns:
        `BatchingParameters`, with their defaults where the file says nothing.

    Raises:
        ValueError: It can't be read, or isn't such a file; in one line.
    """
    message, _ = text_config.read(path, _Message())
    given = {name: getattr(message, name).value for name in _WRAPPED if message.HasField(name)}
    given.pop("thread_pool_name", None)
    sizes = tuple(message.allowed_batch_sizes)
    pads = message.pad_variable_length_inputs
    try:
        return BatchingParameters(
            **given, allowed_batch_sizes=sizes, pad_variable_length_inputs=pads
        )
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def read_per_model(folder):
    """Read the batching parameters inside a version's folder.

    Args:
        folder: Path of the folder.

    Returns:
        `BatchingParameters`, or `None` where the folder has none: the model isn't batched.

    Raises:
        ValueError: As `read`.
    """
    path = pathlib.Path(folder) / PER_MODEL_FILE
    return read(path) if path.is_file() else None

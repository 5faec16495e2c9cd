"""The tensors of several requests as those of one, and back."""

import numpy as np

from keras_iidgan.serving.errors import StatusError, invalid

_RANKS = range(1, 7)  # that can be padded, as in the reference server


def count_rows(inputs):
    """Return the number of rows that all inputs have.

    Args:
        inputs: `{alias: array}`.

    Raises:
        StatusError: INVALID_ARGUMENT where there is no input or no such number.
    """
    if not inputs:
        raise invalid("Batching Run() must have at least one input tensor")
    if any(array.ndim == 0 for array in inputs.values()):
        raise invalid("Batching Run() input tensors must have at least one dimension")
    first, *others = (len(array) for array in inputs.values())
    if any(rows != first for rows in others):
        raise invalid("Batching Run() input tensors must have equal 0th-dimension size")
    return first


def key(inputs, pads):
    """Return what inputs must have in common to go together: types, and shapes but for the rows.

    Args:
        inputs: `{alias: array}`.
        pads: Whether shapes of the same rank go together.
    """
    return tuple(
        (alias, inputs[alias].dtype.char, inputs[alias].ndim if pads else inputs[alias].shape[1:])
        for alias in sorted(inputs)
    )


def rows_of(tensors, start, end):
    """Cut rows out of every tensor of a dict."""
    return {alias: array[start:end] for alias, array in tensors.items()}


def join(parts):
    """Put dicts of tensors one below the other."""
    return {alias: np.concatenate([part[alias] for part in parts]) for alias in parts[0]}


def merge(tasks, parameters):
    """Make one request of several.

    Args:
        tasks: Objects with `inputs` and `rows`, of one `key`.
        parameters: `BatchingParameters`.

    Returns:
        `{alias: array}`, padded to an allowed number of rows.

    Raises:
        StatusError: INVALID_ARGUMENT where shapes can't be padded to each other's.
    """
    rows = sum(task.rows for task in tasks)
    inputs = [task.inputs for task in tasks]
    if parameters.pad_variable_length_inputs:
        inputs = _same_shapes(inputs)
    # The row is known to be a valid one, whatever the model wants of its inputs.
    inputs += [rows_of(inputs[-1], 0, 1)] * (parameters.padded(rows) - rows)
    return inputs[0] if len(inputs) == 1 else join(inputs)


def split(outputs, tasks, parameters):
    """Give each task its rows of the outputs.

    Args:
        outputs: `{alias: array}`, what a servable made of `merge`.
        tasks: As of `merge`.
        parameters: As of `merge`.

    Returns:
        List of each task's `{alias: array}`.

    Raises:
        StatusError: FAILED_PRECONDITION where the outputs don't have the rows of the inputs.
    """
    ends = np.cumsum([task.rows for task in tasks]).tolist()
    _check(outputs, parameters.padded(ends[-1]))
    return [rows_of(outputs, end - task.rows, end) for task, end in zip(tasks, ends, strict=True)]


def _check(outputs, rows):
    for array in outputs.values():
        if array.ndim == 0:
            raise StatusError("FAILED_PRECONDITION", "Batched output tensor has 0 dimensions")
        if len(array) != rows:
            raise StatusError(
                "FAILED_PRECONDITION",
                "Batched output tensor's 0th dimension does not equal the sum of the 0th"
                " dimension sizes of the input tensors",
            )


def _same_shapes(inputs):
    """Pad every tensor, behind, to the largest size of each axis but the first."""
    sizes = {
        alias: np.max([tensors[alias].shape for tensors in inputs], axis=0) for alias in inputs[0]
    }
    return [
        {alias: _pad(array, sizes[alias]) for alias, array in tensors.items()} for tensors in inputs
    ]


def _pad(array, sizes):
    missing = [(0, 0)] + [
        (0, int(size) - own) for size, own in zip(sizes[1:], array.shape[1:], strict=True)
    ]
    if not any(behind for _, behind in missing):
        return array
    if array.ndim not in _RANKS:
        raise invalid("Only tensors with rank from 1 to 6 can be padded.")
    if array.size == 0:
        raise invalid("Got empty tensor in batch of non-empty tensors.")
    return np.pad(array, missing, constant_values=array.flat[0])

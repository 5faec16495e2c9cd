"""Whether a signature can classify or regress; those of a GAN can do neither."""

from keras_iidgan.serving.errors import invalid
from keras_iidgan.serving.registry.models import DEFAULT_SIGNATURE

_INPUT = "inputs"
_KINDS = {"classify": "classification", "regress": "regression"}


def check(servable, name, action):
    """Refuse a signature that doesn't take examples and give classes, scores or values.

    Args:
        servable: See `registry.models`.
        name: The signature's name; empty for `serving_default`.
        action: "classify" or "regress".

    Raises:
        StatusError: INVALID_ARGUMENT with the first thing that is wrong, as TensorFlow Serving
            would answer. It goes by aliases, not by the signature's method name, by default.
    """
    name = name or DEFAULT_SIGNATURE
    if name not in servable.signatures:
        raise invalid(f"No signature was found with the name: {name}")
    signature = servable.signatures[name]
    if len(signature.inputs) != 1:
        raise invalid("Expected one input Tensor.")
    _check_count(signature.outputs, action)
    if _INPUT not in signature.inputs:
        text = servable.signature_text(name)
        raise invalid(f"No {_KINDS[action]} inputs found in SignatureDef: {text}")
    if action == "regress" and "outputs" not in signature.outputs:
        text = servable.signature_text(name)
        raise invalid(f"No regression outputs found in SignatureDef: {text}")
    if action == "classify" and not {"classes", "scores"} & signature.outputs.keys():
        raise invalid(
            'Expected classification signature outputs to contain at least one of "classes" or'
            f' "scores". Signature was: {servable.signature_text(name)}'
        )


def _check_count(outputs, action):
    if action == "regress" and len(outputs) != 1:
        raise invalid("Expected one output Tensor.")
    if action == "classify" and len(outputs) not in (1, 2):
        raise invalid(f"Expected one or two output Tensors, found {len(outputs)}")

"""The paths of the REST interface."""

import dataclasses
import re
import urllib.parse

from keras_iidgan.serving.errors import invalid

_FLAGS = re.ASCII | re.IGNORECASE
_WHICH = r"(?:/versions/(?P<version>[0-9]+)|/labels/(?P<label>[^/:]+))?"
_VERB = r"(?P<verb>classify|regress|predict)"
_POST = re.compile(rf"/v1/models/(?P<model>[^/:]+){_WHICH}:{_VERB}", _FLAGS)
_GET = re.compile(rf"/v1/models(?:/(?P<model>[^/:]+))?{_WHICH}(?P<verb>/metadata)?", _FLAGS)
_API = re.compile(r"/v1/.*", _FLAGS)


@dataclasses.dataclass(frozen=True)
class Route:
    """What a request wants, of which model.

    Attributes:
        action: predict, classify, regress, metadata or status.
        model: The model's name, decoded.
        version: The integer, or `None`.
        label: The version's label, decoded, or `None`.
    """

    action: str
    model: str
    version: int | None = None
    label: str | None = None


def is_api(path):
    """Say whether a path belongs to the REST interface at all."""
    return _API.fullmatch(path) is not None


def parse(method, path):
    """Match a request against the grammar of the REST interface.

    Args:
        method: The HTTP method in capitals.
        path: The path as it was sent, with the query string and still percent-encoded.

    Returns:
        A `Route`.

    Raises:
        StatusError: INVALID_ARGUMENT for anything else; there is no "method not allowed".
    """
    pattern = {"POST": _POST, "GET": _GET}.get(method)
    found = pattern.fullmatch(path) if pattern else None
    # The reference server matches paths in any case, but then compares verbs as they are.
    if not found or (method == "POST" and not found["verb"].islower()):
        raise invalid(f"Malformed request: {method} {path}")
    version = _version(found["version"])
    if not found["model"]:
        raise invalid("Missing model name in request.")
    action = found["verb"] if method == "POST" else "status"
    if found["verb"] == "/metadata":
        action = "metadata"
    return Route(action, _decode(found["model"]), version, _decode(found["label"]))


def _version(digits):
    if digits is None:
        return None
    if len(digits.lstrip("0")) > 19 or int(digits) >= 2**63:
        raise invalid(f"Failed to convert version: {digits} to numeric.")
    return int(digits)


def _decode(name):
    return None if name is None else urllib.parse.unquote(name, errors="replace")

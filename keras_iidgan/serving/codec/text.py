"""JSON values as text: escaped strings, and the short echo in an error message."""

import re

_ESCAPED = re.compile(rb'["\\\x00-\x1f]')
_SHORT = {b'"': b'\\"', b"\\": b"\\\\", b"\b": b"\\b", b"\f": b"\\f"}
_SHORT |= {b"\n": b"\\n", b"\r": b"\\r", b"\t": b"\\t"}
_LIMIT = 256  # bytes, after which the reference server cuts an echo short


def quote(raw):
    """Write bytes as a JSON string; all but control characters, `"` and `\\` stay as they are.

    Args:
        raw: bytes, UTF-8 or not.

    Returns:
        The bytes of the JSON string; not valid JSON where `raw` is not valid UTF-8.
    """
    return b'"' + _ESCAPED.sub(_escape, raw) + b'"'


def _escape(found):
    byte = found[0]
    return _SHORT.get(byte) or b"\\u%04X" % byte[0]


def describe(value):
    """Echo a value for an error message, cut short after about 256 bytes.

    Args:
        value: What `reader.read` returns, of any depth.

    Returns:
        JSON as `str`, objects indented by four spaces and lists on one line.
    """
    out = bytearray()
    _write(out, value, 1)
    return out.decode("utf-8", "replace")


def type_name(value):
    """Name the JSON type of a value: Null, False, True, Object, Array, String or Number."""
    if value is None or isinstance(value, bool):
        return {None: "Null", True: "True", False: "False"}[value]
    names = {dict: "Object", list: "Array", bytes: "String"}
    return next((name for kind, name in names.items() if isinstance(value, kind)), "Number")


def _write(out, value, depth):
    """Append a value. Each level writes a byte first, so the limit bounds the recursion too."""
    if len(out) >= _LIMIT:
        return
    if isinstance(value, dict):
        _write_object(out, value, depth)
    elif isinstance(value, list):
        out += b"["
        for index, item in enumerate(value):
            if len(out) >= _LIMIT:
                return
            out += b", " if index else b""
            _write(out, item, depth + 1)
        out += b"]" if len(out) < _LIMIT else b""
    elif isinstance(value, bytes):
        out += quote(value)
    else:
        out += _scalar(value)


def _write_object(out, value, depth):
    out += b"{"
    for index, (key, item) in enumerate(value.items()):
        if len(out) >= _LIMIT:
            return
        out += b"," if index else b""
        out += b"\n" + b"    " * depth + quote(key.encode("utf-8", "replace")) + b": "
        _write(out, item, depth + 1)
    if len(out) < _LIMIT:
        out += (b"\n" + b"    " * (depth - 1) if value else b"") + b"}"


def _scalar(value):
    if value is None:
        return b"null"
    if isinstance(value, bool):
        return b"true" if value else b"false"
    text = repr(value)
    return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(text, text).encode()

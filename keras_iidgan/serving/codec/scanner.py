"""The scalars of JSON as TensorFlow Serving accepts them: literals, numbers and strings."""

import math
import re

from keras_iidgan.serving.errors import invalid

_space = re.compile(rb"[ \t\n\r]*").match
_number = re.compile(rb"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?").match
_non_finite = re.compile(rb"(-?)(?:(NaN)|Inf(?:inity)?(?!i))").match
_plain = re.compile(rb'[^"\\\x00-\x1f]*').match
_hex = re.compile(rb"[0-9a-fA-F]{4}").match

_LITERALS = {ord("n"): (b"null", None), ord("t"): (b"true", True), ord("f"): (b"false", False)}
_ESCAPES = dict(
    zip(b'"\\/bfnrt', (b'"', b"\\", b"/", b"\b", b"\f", b"\n", b"\r", b"\t"), strict=True)
)


def to_number(token):
    """Turn a valid JSON number into `int` or `float`.

    A number out of range becomes infinity. An integer literal that does not fit 64 bits, signed or
    unsigned, is a float.
    """
    if b"." in token or b"e" in token or b"E" in token:
        return float(token)
    # Python refuses to read integers of thousands of digits.
    if len(token) > 30:
        return float(token)
    value = int(token)
    return value if -(2**63) <= value < 2**64 else float(value)


class Scanner:
    """A position in a text, and the means to read one scalar from there.

    Args:
        text: UTF-8 bytes, with or without a byte order mark. A NUL byte ends the text.

    Attributes:
        text: The bytes, with a NUL at the end so that looking ahead never runs off it.
        at: The offset of the next byte.
    """

    def __init__(self, text):
        self.text = text + b"\0"
        self.at = 3 if text.startswith(b"\xef\xbb\xbf") else 0

    def fail(self, reason, at=None):
        """Raise the parse error for this place, or for the offset `at`."""
        raise invalid(f"JSON Parse error: {reason} at offset: {self.at if at is None else at}")

    def next_byte(self):
        """Skip white space and return the next byte, which is 0 at the end; it stays unread."""
        self.at = _space(self.text, self.at).end()
        return self.text[self.at]

    def scalar(self):
        """Read one literal, string or number; see `reader.read` for the types."""
        byte = self.text[self.at]
        if byte == ord('"'):
            return self.string()
        if byte in _LITERALS:
            return self._literal(*_LITERALS[byte])
        return self._number()

    def _literal(self, word, value):
        for byte in word:
            if self.text[self.at] != byte:
                self.fail("Invalid value.")
            self.at += 1
        return value

    def _number(self):
        found = _number(self.text, self.at)
        if not found:
            return self._non_finite()
        start, self.at = self.at, found.end()
        if self.text[self.at] == ord(".") and not (found[1] or found[2]):
            self.fail("Miss fraction part in number.", self.at + 1)
        if self.text[self.at] in b"eE" and not found[2]:
            signed = self.text[self.at + 1] in b"+-"
            self.fail("Miss exponent in number.", self.at + 1 + signed)
        value = to_number(found[0])
        if value in (math.inf, -math.inf):
            self.fail("Number too big to be stored in double.", start)
        return value

    def _non_finite(self):
        found = _non_finite(self.text, self.at)
        if not found:
            self.fail("Invalid value.", self.at + (self.text[self.at] == ord("-")))
        self.at = found.end()
        if found[2]:
            return math.nan
        return -math.inf if found[1] else math.inf

    def string(self):
        """Read a string, whose opening quotation mark is the next byte, as raw bytes."""
        pieces = []
        self.at += 1
        while True:
            plain = _plain(self.text, self.at)
            pieces.append(plain[0])
            self.at = plain.end()
            byte = self.text[self.at]
            if byte == ord("\\"):
                pieces.append(self._escape())
            elif byte == ord('"'):
                self.at += 1
                return b"".join(pieces)
            elif byte == 0:
                self.fail("Missing a closing quotation mark in string.")
            else:
                self.fail("Invalid escape character in string.")

    def _escape(self):
        start = self.at
        letter = self.text[start + 1]
        self.at += 2
        if letter in _ESCAPES:
            return _ESCAPES[letter]
        if letter != ord("u"):
            self.fail("Invalid escape character in string.", start)
        code = self._hex4(start)
        if 0xD800 <= code <= 0xDBFF:
            if not self.text.startswith(b"\\u", self.at):
                self.fail("The surrogate pair in string is invalid.", start)
            self.at += 2
            low = self._hex4(start)
            if not 0xDC00 <= low <= 0xDFFF:
                self.fail("The surrogate pair in string is invalid.", start)
            code = ((code - 0xD800) << 10 | (low - 0xDC00)) + 0x10000
        return chr(code).encode("utf-8", "surrogatepass")

    def _hex4(self, start):
        found = _hex(self.text, self.at)
        if not found:
            self.fail("Incorrect hex digit after \\u escape in string.", start)
        self.at = found.end()
        return int(found[0], 16)

"""The exact JSON reader: the grammar that TensorFlow Serving accepts, and its error texts.

It differs from Python's own readers in what a tensor needs to know or a server must survive:
integer and decimal literals stay apart, strings are raw bytes (invalid UTF-8 passes), the first of
two equal keys wins, bytes after the closing brace are ignored, `NaN`, `Inf` and `Infinity` are
numbers, and nesting is bounded by memory only, as nothing here recurses.
"""

import math
import re

from keras_iidgan.serving.codec.scanner import Scanner, to_number

# A list of nothing but numbers, which is what tensors are made of, is taken in one match. The
# possessive quantifiers keep the match linear on a body that was made to mislead it.
_NUMBER = rb"[ \t\n\r]*+-?+(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?+[0-9]++)?+[ \t\n\r]*+"
_number_list = re.compile(rb"\[(" + _NUMBER + rb"(?:," + _NUMBER + rb")*+)\]").match


class JsonObject(dict):
    """A JSON object: the first value of each key, and how many members the text had."""

    members = 0

    def add(self, key, value):
        """Take one more member, unless an earlier one had the same key."""
        self.members += 1
        self.setdefault(key, value)


def read(text):
    """Read the first JSON value of a text.

    Args:
        text: UTF-8 bytes, with or without a byte order mark. A NUL byte ends the text.

    Returns:
        `None`, `bool`, `int` (an integer literal that fits 64 bits), `float` (any other number),
        `bytes` (a string), `list` or `JsonObject` with `str` keys.

    Raises:
        StatusError: INVALID_ARGUMENT with reason and byte offset where the text is not JSON.
    """
    return _Reader(text).document()


class _Reader(Scanner):
    def __init__(self, text):
        super().__init__(text)
        self.open = []  # The containers around the current place, outermost first.

    def document(self):
        if self.next_byte() in b",:]}\0":
            self.fail("The document is empty.")
        root = self.value()
        while self.open:
            container = self.open[-1]
            if type(container) is list:
                self.element(container)
            else:
                self.member(container)
        return root

    def value(self):
        byte = self.text[self.at]
        if byte not in b"[{":
            return self.scalar()
        numbers = _number_list(self.text, self.at)
        if numbers:
            found = [to_number(token) for token in numbers[1].split(b",")]
            # One that is out of range is read again below, to fail at its own offset.
            if math.inf not in found and -math.inf not in found:
                self.at = numbers.end()
                return found
        self.open.append([] if byte == ord("[") else JsonObject())
        self.at += 1
        return self.open[-1]

    def close(self):
        self.open.pop()
        self.at += 1

    def element(self, items):
        byte = self.next_byte()
        if byte == ord("]"):
            return self.close()
        if items:
            if byte != ord(","):
                self.fail("Missing a comma or ']' after an array element.")
            self.at += 1
            self.next_byte()
        items.append(self.value())

    def member(self, members):
        byte = self.next_byte()
        if byte == ord("}"):
            return self.close()
        if members:
            if byte != ord(","):
                self.fail("Missing a comma or '}' after an object member.")
            self.at += 1
            byte = self.next_byte()
        if byte != ord('"'):
            self.fail("Missing a name for object member.")
        key = self.string().decode("utf-8", "replace")
        if self.next_byte() != ord(":"):
            self.fail("Missing a colon after a name of object member.")
        self.at += 1
        self.next_byte()
        members.add(key, self.value())

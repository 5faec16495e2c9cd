"""The exact JSON reader: the grammar that TensorFlow Serving accepts, and its error texts.

It differs from Python's own readers in what a tensor needs to know or a server must survive:
integer and decimal literals stay apart, strings are raw bytes (invalid UTF-8 passes), the first of
two equal keys wins, bytes after the closing brace are ignored, `NaN`, `Inf` and `Infinity` are
numbers, and nesting is bounded by memory only, as nothing here recurses.
"""

import re

import orjson

from keras_iidgan.serving.codec.scanner import Scanner
from keras_iidgan.serving.errors import invalid

# Each takes about a hundred bytes of memory, of which one comes from the text.
MAX_LISTS = 1 << 20

# A list of nothing but scalars, which is what tensors are made of, and numbers with a comma behind
# each are taken in one match. The possessive quantifiers keep it linear on what is made to mislead.
_SPACE = rb"[ \t\n\r]*+"
_NUMBER = rb"-?+(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?+[0-9]++)?+"
_scalar_list = re.compile(rb'\[[^][{}"\0]*+\]').match
_numbers = re.compile(b"(?:" + _SPACE + _NUMBER + _SPACE + b",)++").match


class JsonObject(dict):
    """A JSON object: the first value of each key, and how many members the text had."""

    __slots__ = ("members",)

    def __init__(self):
        super().__init__()
        self.members = 0

    def add(self, key, value):
        """Take one more member, unless an earlier one had the same key."""
        self.members += 1
        self.setdefault(key, value)


def read(text, max_lists=MAX_LISTS):
    """Read the first JSON value of a text.

    Args:
        text: UTF-8 bytes, with or without a byte order mark. A NUL byte ends the text.
        max_lists: Lists and objects that it may have.

    Returns:
        `None`, `bool`, `int` (an integer literal that fits 64 bits), `float` (any other number),
        `bytes` (a string), `list` or `JsonObject` with `str` keys.

    Raises:
        StatusError: INVALID_ARGUMENT with reason and byte offset where the text is not JSON; also
            for too many lists and objects.
    """
    return _Reader(text, max_lists).document()


class _Reader(Scanner):
    def __init__(self, text, max_lists):
        super().__init__(text)
        self.open = []  # The containers around the current place, outermost first.
        self.max_lists = self.lists_left = max_lists

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
        self.lists_left -= 1
        if self.lists_left < 0:
            raise invalid(f"Expecting at most {self.max_lists} lists and objects")
        scalars = _scalar_list(self.text, self.at)
        if scalars:
            try:
                found = orjson.loads(scalars[0])
            except orjson.JSONDecodeError:
                pass  # It is read below, up to the offset of the error.
            else:
                self.at = scalars.end()
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
        self.numbers(items)
        items.append(self.value())

    def numbers(self, items):
        """Take the numbers that come next, but for the last, behind which there is no comma."""
        run = _numbers(self.text, self.at)
        if not run:
            return
        text = run[0][:-1]
        try:
            found = orjson.loads(b"[%b]" % text)
        except orjson.JSONDecodeError as error:
            # Of one that is too big, whose own offset is to be told.
            end = text.rfind(b",", 0, error.pos) + 1
            items += orjson.loads(b"[%b]" % text[: max(end - 1, 0)])
            self.at += end
        else:
            items += found
            self.at = run.end()
        self.next_byte()

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

"""TFRecord files, read without TensorFlow."""

import struct

from keras_iidgan.serving.errors import StatusError

_HEAD = struct.Struct("<QI")
_TAIL = struct.Struct("<I")
_POLYNOMIAL = 0x82F63B78  # CRC-32C, reflected


def read(path):
    """Read the records of a file one by one.

    Args:
        path: The file's path. A record is its length (8 bytes, little-endian) with a checksum, and
            its bytes with theirs.

    Yields:
        `bytes`.

    Raises:
        StatusError: DATA_LOSS where the file is cut short or a checksum differs.
    """
    with open(path, "rb") as file:
        offset = 0
        while head := file.read(_HEAD.size):
            length = _length(head, offset)
            # A length that passed its checksum may still be no honest one: no more than the file
            # has is ever read.
            data, tail = file.read(length), file.read(_TAIL.size)
            if len(data) < length or len(tail) < _TAIL.size:
                raise StatusError("DATA_LOSS", f"truncated record at {offset}")
            if _TAIL.unpack(tail)[0] != masked_crc(data):
                raise StatusError("DATA_LOSS", f"corrupted record at {offset}")
            yield data
            offset += _HEAD.size + length + _TAIL.size


def _length(head, offset):
    if len(head) < _HEAD.size:
        raise StatusError("DATA_LOSS", f"truncated record at {offset}")
    length, crc = _HEAD.unpack(head)
    if crc != masked_crc(head[:8]) or length >= 2**63:
        raise StatusError("DATA_LOSS", f"corrupted record at {offset}")
    return length


def masked_crc(data):
    """Return the CRC-32C of `bytes`, masked as TFRecord has it, a 32-bit integer."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (_POLYNOMIAL if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _table()

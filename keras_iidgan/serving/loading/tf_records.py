"""TFRecord files, read without TensorFlow."""

import os
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
        offset, size = 0, os.fstat(file.fileno()).st_size
        while head := file.read(_HEAD.size):
            length = _length(head, offset)
            # Before memory is asked for: whoever writes a length can write its checksum.
            if file.tell() + length + _TAIL.size > size:
                raise StatusError("DATA_LOSS", f"truncated record at {offset}")
            data = file.read(length)
            if _TAIL.unpack(file.read(_TAIL.size))[0] != masked_crc(data):
                raise StatusError("DATA_LOSS", f"corrupted record at {offset}")
            yield data
            offset += _HEAD.size + length + _TAIL.size


def _length(head, offset):
    if len(head) < _HEAD.size:
        raise StatusError("DATA_LOSS", f"truncated record at {offset}")
    length, crc = _HEAD.unpack(head)
    if crc != masked_crc(head[:8]):
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

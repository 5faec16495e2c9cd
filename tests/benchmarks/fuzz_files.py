"""Bytes that are changed, compressed or pictures, of a seeded random generator."""

import gzip
import io
import struct
import zlib


def mutate(rng, data, times=None):
    """Change, drop, repeat or insert a few bytes."""
    data = bytearray(data)
    for _ in range(times or rng.choice([1, 1, 2, 5, 20])):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(5)
        if kind == 0 and at < len(data):
            data[at] = rng.getrandbits(8)
        elif kind == 1:
            del data[at : at + rng.choice([1, 1, 3, 50])]
        elif kind == 2:
            data[at:at] = rng.randbytes(rng.choice([1, 2, 8]))
        elif kind == 3:
            data[at:at] = data[at : at + rng.choice([1, 10, 100])]
        else:
            data[at:at] = rng.choice([b"[", b"]", b"{", b"}", b",", b'"', b"\0", b"\xff", b"-"])
    return bytes(data)


def compressed(rng, body):
    """Return gzip, whole, cut short, wrong or a bomb."""
    kind = rng.randrange(6)
    if kind == 0:
        return gzip.compress(body)[: rng.randrange(1, 20)]
    if kind == 1:
        return mutate(rng, gzip.compress(body))
    if kind == 2:
        return gzip.compress(rng.choice([b"[", b" ", b"0,"]) * (20 << 20), 1)
    if kind == 3:
        return body
    return gzip.compress(body) * rng.choice([1, 1, 2])


def picture(rng):
    """Return an image file: whole, mutated, of a declared size that it hasn't, or garbage."""
    from PIL import Image

    kind = rng.randrange(8)
    if kind == 0:
        return rng.choice([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a"]) + rng.randbytes(
            40
        )
    if kind == 1:
        return bomb(*rng.choice([(60_000, 60_000), (0, 5), (2**31 - 1, 1), (5000, 1), (1, 2**24)]))
    mode, size = rng.choice(["L", "RGB", "RGBA", "LA", "1"]), (rng.randrange(1, 40), 6)
    file = io.BytesIO()
    if kind < 5:
        Image.new(mode, size).save(file, "PNG")
    else:
        Image.new("RGB", size, "red").save(file, "JPEG")
    return file.getvalue() if rng.random() < 0.4 else mutate(rng, file.getvalue())


def bomb(width, height):
    """Return a PNG that says it is of a size, with next to nothing in it."""

    def chunk(kind, data):
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )

"""Keys: a tagged, canonical hash of everything that a piece of work depends on (after redun's hash_struct)."""

import dataclasses
import hashlib
import struct
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NewType

Key = NewType("Key", str)

_CHUNK = 1 << 20


def key(kind: str, version: int, **inputs: Any) -> Key:
    """The key of work of one `kind` and `version` on `inputs`.

    Inputs are plain values (None, bool, int, float, Fraction, str, bytes), arrays, frozen dataclasses, and sequences
    and mappings of these. 1 and 1.0 differ, as do "1" and b"1"; the order of a mapping does not matter.
    """
    return digest(("storyforge", kind, version, inputs))


def digest(value: Any) -> Key:
    """SHA-256 of the canonical form of any value that `key` takes."""
    hasher = hashlib.sha256()
    for piece in _canonical(value):
        hasher.update(piece)
    return Key(hasher.hexdigest())


def file_digest(path: Path) -> Key:
    """SHA-256 of a file's bytes."""
    hasher = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            hasher.update(chunk)
    return Key(hasher.hexdigest())


def _canonical(value: Any) -> Iterable[bytes]:
    """Bytes that differ for values that differ: a type tag, a length, then the content."""
    if value is None or isinstance(value, bool):
        yield {None: b"N", True: b"T", False: b"F"}[value]
    elif isinstance(value, int):
        yield _framed(b"i", str(value).encode())
    elif isinstance(value, float):
        yield _framed(b"f", struct.pack(">d", value))
    elif isinstance(value, Fraction):
        yield _framed(b"q", f"{value.numerator}/{value.denominator}".encode())
    elif isinstance(value, str):
        yield _framed(b"s", value.encode())
    elif isinstance(value, bytes):
        yield _framed(b"b", value)
    else:
        yield from _canonical_container(value)


def _canonical_container(value: Any) -> Iterable[bytes]:
    if isinstance(value, Mapping):
        yield b"d%d:" % len(value)
        for name in sorted(value, key=str):
            yield from _canonical(name)
            yield from _canonical(value[name])
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield _framed(b"c", type(value).__name__.encode())
        yield from _canonical({f.name: getattr(value, f.name) for f in dataclasses.fields(value)})
    elif hasattr(value, "dtype") and hasattr(value, "tobytes"):
        yield _framed(b"a", f"{value.dtype.str}{list(value.shape)}".encode())
        yield value.tobytes()
    elif isinstance(value, Sequence):
        yield b"l%d:" % len(value)
        for item in value:
            yield from _canonical(item)
    else:
        raise TypeError(f"{type(value).__name__} cannot enter a key: {value!r}")


def _framed(tag: bytes, content: bytes) -> bytes:
    return tag + b"%d:" % len(content) + content

"""Keys: a tagged, canonical hash of everything that a piece of work depends on (after redun's hash_struct)."""

import dataclasses
import hashlib
import struct
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache
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
    pieces: list[bytes] = []
    _canonical(value, pieces.append)
    return Key(hashlib.sha256(b"".join(pieces)).hexdigest())


def file_digest(path: Path) -> Key:
    """SHA-256 of a file's bytes."""
    hasher = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            hasher.update(chunk)
    return Key(hasher.hexdigest())


def _canonical(value: Any, add: Callable[[bytes], None]) -> None:
    """Adds bytes that differ for values that differ: a type tag, a length, then the content."""
    if isinstance(value, str):
        add(_framed(b"s", value.encode()))
    elif value is None or isinstance(value, bool):
        add({None: b"N", True: b"T", False: b"F"}[value])
    elif isinstance(value, int):
        add(_framed(b"i", str(value).encode()))
    elif isinstance(value, float):
        add(_framed(b"f", struct.pack(">d", value)))
    elif isinstance(value, bytes):
        add(_framed(b"b", value))
    elif isinstance(value, Fraction):
        add(_framed(b"q", f"{value.numerator}/{value.denominator}".encode()))
    else:
        _canonical_container(value, add)


def _canonical_container(value: Any, add: Callable[[bytes], None]) -> None:
    names = _fields(value.__class__)
    if names is not None:
        add(_framed(b"c", type(value).__name__.encode()))
        value = {name: getattr(value, name) for name in names}
    if isinstance(value, Mapping):
        add(b"d%d:" % len(value))
        for name in sorted(value, key=str):
            _canonical(name, add)
            _canonical(value[name], add)
    elif hasattr(value, "dtype") and hasattr(value, "tobytes"):
        add(_framed(b"a", f"{value.dtype.str}{list(value.shape)}".encode()))
        add(value.tobytes())
    elif isinstance(value, Sequence):
        add(b"l%d:" % len(value))
        for item in value:
            _canonical(item, add)
    else:
        raise TypeError(f"{type(value).__name__} cannot enter a key: {value!r}")


@cache
def _fields(kind: type) -> tuple[str, ...] | None:
    """Names of a dataclass's fields; None for other types, and for mappings, which enter as such."""
    if issubclass(kind, Mapping) or not dataclasses.is_dataclass(kind):
        return None
    return tuple(field.name for field in dataclasses.fields(kind))


def _framed(tag: bytes, content: bytes) -> bytes:
    return tag + b"%d:" % len(content) + content

"""A font collection made of the shipped face: its glyphs stand for letters of other scripts, differently per member."""

import struct
from collections.abc import Mapping
from pathlib import Path

HOUSE = Path(__file__).parents[2] / "storyforge" / "film" / "fonts" / "Vollkorn-Medium.ttf"
Letters = Mapping[str, int]  # letter -> number of the glyph that stands for it


def collection(members: Mapping[str, Letters]) -> bytes:
    """A .ttc whose members have these family names, and only these letters."""
    base = HOUSE.read_bytes()
    count = struct.unpack_from(">H", base, 4)[0]
    tables = [struct.unpack_from(">4s3I", base, 12 + 16 * number) for number in range(count)]
    body = bytearray(struct.pack(">4sII", b"ttcf", 0x10000, len(members)) + bytes(4 * len(members)))
    places = {tag: _add(body, base[offset : offset + length]) for tag, _, offset, length in tables}
    for number, (family, letters) in enumerate(members.items()):
        own = places | {b"cmap": _add(body, _cmap(letters)), b"name": _add(body, _name(family))}
        directory = b"".join(struct.pack(">4s3I", tag, 0, *own[tag]) for tag, *_ in tables)
        start, _ = _add(body, base[:12] + directory)
        struct.pack_into(">I", body, 12 + 4 * number, start)
    return bytes(body)


def _add(body: bytearray, table: bytes) -> tuple[int, int]:
    """Where a table lies, and how long it is."""
    body += bytes(-len(body) % 4)
    start = len(body)
    body += table
    return start, len(table)


def _cmap(letters: Letters) -> bytes:
    groups = b"".join(struct.pack(">3I", ord(letter), ord(letter), letters[letter]) for letter in sorted(letters))
    return (
        struct.pack(">HHHHI", 0, 1, 3, 10, 12)
        + struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(letters))
        + groups
    )


def _name(family: str) -> bytes:
    words = [text.encode("utf-16-be") for text in (family, "Regular")]
    records = struct.pack(">6H", 3, 1, 0x409, 1, len(words[0]), 0)
    records += struct.pack(">6H", 3, 1, 0x409, 2, len(words[1]), len(words[0]))
    return struct.pack(">3H", 0, 2, 6 + len(records)) + records + b"".join(words)

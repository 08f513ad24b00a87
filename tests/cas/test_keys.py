"""Keys differ when anything that matters differs, and only then."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyforge.cas import digest, file_digest, key

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.binary(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@dataclass(frozen=True)
class Point:
    x: int
    y: int


@dataclass(frozen=True)
class Vector:
    x: int
    y: int


def typed(value: Any) -> Any:
    """A value that compares equal exactly when type and content are the same."""
    if isinstance(value, list):
        return ("list", tuple(map(typed, value)))
    if isinstance(value, dict):
        return ("dict", frozenset((name, typed(inner)) for name, inner in value.items()))
    return (type(value).__name__, repr(value))


@given(PLAIN, PLAIN)
def test_digests_are_equal_exactly_when_values_are(one: Any, other: Any) -> None:
    assert (digest(one) == digest(other)) == (typed(one) == typed(other))


@given(st.dictionaries(st.text(), st.integers(), min_size=2))
def test_the_order_of_a_mapping_does_not_matter(values: dict[str, int]) -> None:
    assert digest(values) == digest(dict(reversed(values.items())))


def test_types_that_look_alike_differ() -> None:
    alike = [
        1,
        1.0,
        "1",
        b"1",
        True,
        Fraction(1),
        [1],
        {"1": 1},
        Point(1, 1),
        Vector(1, 1),
        np.ones(1),
        np.ones((1, 1)),
    ]
    assert len({digest(value) for value in alike}) == len(alike)


def test_neighbours_cannot_trade_content() -> None:
    assert digest(["ab", "c"]) != digest(["a", "bc"])
    assert digest([["a"], "b"]) != digest(["a", ["b"]])
    assert digest([1, 23]) != digest([12, 3])


def test_kind_and_version_are_part_of_a_key() -> None:
    keys = {key("level", 1, x=1), key("level", 2, x=1), key("panel", 1, x=1), key("level", 1, y=1)}
    assert len(keys) == 4


def test_a_key_is_the_same_in_every_process_and_release() -> None:
    known = key("panel", 1, shot="storm-1", seed=7, seconds=4.5, rate=Fraction(24), sheets={"ember": "ab"}, size=None)
    assert known == "bc87f3fc65b556cfcb9ea715c4680df208bdc232208ca5f9f62966a8ec3b8e64"


def test_arrays_enter_with_shape_and_type() -> None:
    rows = np.arange(6, dtype=np.float32)
    assert digest(rows) != digest(rows.reshape(2, 3))
    assert digest(rows) != digest(rows.astype(np.float64))
    assert digest(rows) == digest(rows.copy())


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError, match="Path cannot enter a key"):
        key("panel", 1, path=Path("panels"))


def test_files_enter_by_their_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(b"x" * 3_000_000)
    other.write_bytes(b"x" * 3_000_000)
    assert file_digest(one) == file_digest(other)
    other.write_bytes(b"x" * 2_999_999 + b"y")
    assert file_digest(one) != file_digest(other)

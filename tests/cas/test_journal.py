"""The journal remembers attempts across runs and versions."""

import sqlite3
from pathlib import Path

import pytest

from storyforge.cas import Attempt, Journal, Key


def attempt(kind: str = "level", units: int = 10, seconds: float = 1.0, outcome: str = "done") -> Attempt:
    return Attempt(Key("k"), kind, "storm-1", units, 100.0, seconds, 1_000_000, outcome, "")  # type: ignore[arg-type]


def test_attempts_come_back_in_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    first, second = attempt(), attempt("draw", outcome="failed")
    journal.record(first, [Key("a"), Key("b")])
    journal.record(second)
    journal.close()
    again = Journal(tmp_path / "journal.sqlite")
    assert again.attempts() == [first, second]
    assert again.attempts("draw") == [second]
    again.close()


def test_pace_counts_only_what_was_done(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    assert journal.seconds_per_unit("level") is None
    journal.record(attempt(units=10, seconds=2.0))
    journal.record(attempt(units=30, seconds=2.0))
    journal.record(attempt(units=1, seconds=99.0, outcome="failed"))
    assert journal.seconds_per_unit("level") == pytest.approx(0.1)
    journal.close()


def test_it_is_a_write_ahead_log_with_a_version(tmp_path: Path) -> None:
    Journal(tmp_path / "journal.sqlite").close()
    connection = sqlite3.connect(tmp_path / "journal.sqlite")
    assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
    assert connection.execute("pragma user_version").fetchone() == (1,)
    connection.close()


def test_two_may_write_at_once(tmp_path: Path) -> None:
    one, other = Journal(tmp_path / "journal.sqlite"), Journal(tmp_path / "journal.sqlite")
    for journal in (one, other, one):
        journal.record(attempt())
    assert len(other.attempts()) == 3
    one.close()
    other.close()


def test_a_damaged_journal_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"this is no database " * 100)
    journal = Journal(path)
    journal.record(attempt())
    assert len(journal.attempts()) == 1
    journal.close()
    assert list(tmp_path.glob("journal.sqlite.damaged-*"))

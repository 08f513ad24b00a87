"""The journal remembers attempts across runs and versions."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from storyforge.cas import Attempt, Journal, Key, Result
from storyforge.errors import StoryforgeError


def attempt(kind: str = "level", units: int = 10, seconds: float = 1.0, outcome: str = "done") -> Attempt:
    return Attempt(Key("k"), kind, "storm-1", units, 100.0, seconds, 1_000_000, outcome, "")  # type: ignore[arg-type]


def test_attempts_come_back_in_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    first, second = attempt(), attempt("draw", outcome="failed")
    journal.record([first], [(first.key, Key("a")), (first.key, Key("b"))])
    journal.record([second])
    journal.close()
    again = Journal(tmp_path / "journal.sqlite")
    assert again.attempts() == [first, second]
    assert again.attempts("draw") == [second]
    again.close()


def test_what_is_no_attempt_any_more_is_left_out(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    journal.record([attempt(), attempt("draw")])
    with sqlite3.connect(tmp_path / "journal.sqlite") as database:
        database.execute("update attempts set seconds = 'garbled' where kind = 'draw'")
    database.close()
    assert journal.attempts() == [attempt()]
    journal.close()


def test_pace_counts_only_what_was_done(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    assert journal.seconds_per_unit("level") is None
    journal.record([attempt(units=10, seconds=2.0), attempt(units=30, seconds=2.0)])
    journal.record([attempt(units=1, seconds=99.0, outcome="failed")])
    assert journal.seconds_per_unit("level") == pytest.approx(0.1)
    journal.close()


def test_it_is_a_write_ahead_log_with_a_version(tmp_path: Path) -> None:
    Journal(tmp_path / "journal.sqlite").close()
    connection = sqlite3.connect(tmp_path / "journal.sqlite")
    assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
    assert connection.execute("pragma user_version").fetchone() == (3,)
    connection.close()


def test_two_may_write_at_once(tmp_path: Path) -> None:
    one, other = Journal(tmp_path / "journal.sqlite"), Journal(tmp_path / "journal.sqlite")
    for journal in (one, other, one):
        journal.record([attempt()])
    assert len(other.attempts()) == 3
    one.close()
    other.close()


def test_a_damaged_journal_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"this is no database " * 100)
    journal = Journal(path)
    journal.record([attempt()])
    assert len(journal.attempts()) == 1
    journal.close()
    assert list(tmp_path.glob("journal.sqlite.damaged-*"))


def result(name: str = "storm-1", key: str = "k1") -> Result:
    return Result("draw", name, Key(key), Key("w"), Key("m"), "storyforge 0, toon", made=1.0)


def test_finished_versions_come_back_oldest_first_and_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    one, two = result(), result(key="k2")
    for each in (one, two, replace(one, made=9.0, wish=Key("w2"))):
        journal.finish(each)
    assert journal.results("draw") == {"storm-1": [replace(one, wish=Key("w2")), two]}, (
        "its place stays, its wish is new"
    )
    journal.show(one.kind, one.name, one.key, 7.0)
    assert [each.shown for each in journal.results("draw")["storm-1"]] == [7.0, 0.0]
    assert journal.results("cast") == {}
    journal.close()


def test_documents_are_kept_by_their_digest(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    name = journal.keep_document("a storyboard")
    assert journal.keep_document("a storyboard") == name
    assert journal.document(name) == "a storyboard"
    assert journal.document("another") is None
    journal.close()


def test_a_failure_counts_until_the_next_success(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    journal.record([replace(attempt("draw", outcome="failed"), error="too hard")])
    assert journal.failures("draw") == {"storm-1": (100.0, "too hard")}
    journal.record([attempt("draw")])
    assert journal.failures("draw") == {}
    journal.close()


BEFORE = {
    1: "drop table results; drop table documents; alter table attempts drop column encode; pragma user_version = 1",
    2: "alter table attempts drop column encode; pragma user_version = 2",
}


@pytest.mark.parametrize("version", BEFORE)
def test_a_journal_of_a_version_before_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    journal.record([attempt()])
    journal.close()
    with sqlite3.connect(tmp_path / "journal.sqlite") as database:
        database.executescript(BEFORE[version])
    database.close()
    again = Journal(tmp_path / "journal.sqlite")
    again.finish(result())
    assert again.attempts() == [attempt()]
    assert again.results("draw") == {"storm-1": [result()]}
    again.close()


def test_a_journal_of_a_newer_storyforge_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    Journal(path).close()
    with sqlite3.connect(path) as database:
        database.execute("pragma user_version = 99")
    database.close()
    with pytest.raises(StoryforgeError, match="newer storyforge"):
        Journal(path)
    assert path.exists()
    assert not list(tmp_path.glob("*.damaged-*"))

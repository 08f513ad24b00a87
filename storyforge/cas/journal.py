"""The journal: what was done when, how long it took, what it used and what failed, in sqlite (WAL)."""

import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from storyforge.cas.keys import Key

Outcome = Literal["done", "failed"]


def _first(connection: sqlite3.Connection) -> None:
    connection.execute(
        """create table attempts (
            id integer primary key, key text not null, kind text not null, name text not null, units integer not null,
            started real not null, seconds real not null, memory integer not null,
            outcome text not null, error text not null)"""
    )
    connection.execute("create table uses (key text not null, input text not null, unique (key, input))")
    connection.execute("create index attempts_of_key on attempts (key)")


MIGRATIONS: Sequence[Callable[[sqlite3.Connection], None]] = (_first,)


@dataclass(frozen=True)
class Attempt:
    """One run of a task: its key, kind and name, units of work (frames), seconds, peak memory in bytes, its end."""

    key: Key
    kind: str
    name: str
    units: int
    started: float
    seconds: float
    memory: int
    outcome: Outcome
    error: str = ""


class Journal:
    """The record of work in one project; safe to open from several processes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = _opened(path)
        except sqlite3.DatabaseError:
            # The journal is a record, not a result: a damaged one is set aside and the work goes on.
            path.replace(path.with_name(f"{path.name}.damaged-{int(time.time())}"))
            self._db = _opened(path)

    def record(self, attempt: Attempt, uses: Iterable[Key] = ()) -> None:
        """Adds one attempt and the keys of what it used."""
        values = tuple(vars(attempt).values())
        with self._db:
            self._db.execute(f"insert into attempts values (null{', ?' * len(values)})", values)
            self._db.executemany("insert or ignore into uses values (?, ?)", [(attempt.key, used) for used in uses])

    def attempts(self, kind: str | None = None) -> list[Attempt]:
        """Every attempt, oldest first; of one kind when it is given."""
        columns = "key, kind, name, units, started, seconds, memory, outcome, error"
        where, values = ("where kind = ?", (kind,)) if kind else ("", ())
        rows: list[Any] = self._db.execute(f"select {columns} from attempts {where} order by id", values).fetchall()
        return [Attempt(*row) for row in rows]

    def seconds_per_unit(self, kind: str) -> float | None:
        """How long this machine takes for one unit of such work, from its last attempts; None when it never did any."""
        row = self._db.execute(
            "select sum(seconds), sum(units) from (select seconds, units from attempts"
            " where kind = ? and outcome = 'done' order by id desc limit 20)",
            (kind,),
        ).fetchone()
        return row[0] / row[1] if row and row[1] else None

    def close(self) -> None:
        """Writes the log back into the file."""
        self._db.close()


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        _migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    """Brings an older file up to date, one version at a time; `user_version` counts the steps taken."""
    with connection:
        connection.execute("begin immediate")
        version = connection.execute("pragma user_version").fetchone()[0]
        for step in MIGRATIONS[version:]:
            step(connection)
        if version < len(MIGRATIONS):
            connection.execute(f"pragma user_version = {len(MIGRATIONS)}")

"""The journal: what was done when, how long it took, what it used and what failed, in sqlite (WAL)."""

import errno
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from storyforge.cas.keys import Key, digest
from storyforge.cas.store import disk_error
from storyforge.errors import StoryforgeError

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


def _second(connection: sqlite3.Connection) -> None:
    connection.execute(
        """create table results (
            id integer primary key, kind text not null, name text not null, key text not null, wish text not null,
            maker text not null, made_by text not null, take integer not null, source text not null,
            met integer not null, document text not null, made real not null, shown real not null,
            unique (kind, name, key))"""
    )
    connection.execute("create index results_of_name on results (kind, name)")
    connection.execute("create table documents (digest text primary key, content text not null)")


def _third(connection: sqlite3.Connection) -> None:
    connection.execute("alter table attempts add column encode real not null default 0")


MIGRATIONS: Sequence[Callable[[sqlite3.Connection], None]] = (_first, _second, _third)


FAULTS = (sqlite3.DatabaseError, UnicodeError)  # sqlite quotes what it found in a damaged file, text or not
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
# What else a damaged file makes sqlite say.
GARBLED = ("malformed", "no such table", "no such column", "duplicate column", "table ")


@dataclass(frozen=True)
class Attempt:
    """One run of a task: its key, kind and name, units of work (frames), seconds, peak memory in bytes, its end.

    encode: how many of the seconds of a drawn shot went into its encoding.
    """

    key: Key
    kind: str
    name: str
    units: int
    started: float
    seconds: float
    memory: int
    outcome: Outcome
    error: str = ""
    encode: float = 0.0


@dataclass(frozen=True)
class Result:
    """One finished version of a thing, such as shot storm-1: the key it is kept under, and what it came from.

    wish: digest of all that was asked, whoever makes it; maker: digest of what made it, and made_by the same in words;
    take: which of several tries; source: key of what it was drawn from, which `met` takes that stood beside it;
    document: digest of the storyboard then; made, shown: when it was made, and last in a render's film.
    """

    kind: str
    name: str
    key: Key
    wish: Key
    maker: Key
    made_by: str
    take: int = 0
    source: str = ""
    met: bool = False
    document: str = ""
    made: float = 0.0
    shown: float = 0.0


class Journal:
    """The record of work in one project; safe to open from several processes.

    It is a record, not a result: a file that turns out to be damaged is set aside, and the work goes on without it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = _opened(path)
        except FAULTS as error:
            self._renew(error)

    def record(self, attempts: Sequence[Attempt], uses: Iterable[tuple[Key, Key]] = ()) -> None:
        """Adds attempts, and what they used: pairs of a task's key and that of one of its inputs."""
        rows = [tuple(vars(attempt).values()) for attempt in attempts]
        self._write(f"insert into attempts values (null{', ?' * len(fields(Attempt))})", rows)
        self._write("insert or ignore into uses values (?, ?)", list(uses))

    def attempts(self, kind: str | None = None) -> list[Attempt]:
        """Every attempt that can be read, oldest first; of one kind when it is given."""
        numbers = {"units": int, "started": float, "seconds": float, "memory": int, "encode": float}
        columns = ", ".join(field.name for field in fields(Attempt))
        where, values = ("where kind = ?", (kind,)) if kind else ("", ())
        found = [Attempt(*row) for row in self._rows(f"select {columns} from attempts {where} order by id", values)]
        return [one for one in found if all(isinstance(getattr(one, name), of) for name, of in numbers.items())]

    def finish(self, result: Result) -> None:
        """Adds a finished version; one of its key keeps its place, and what is wished of it now is noted."""
        values = tuple(vars(result).values())
        self._write(
            f"insert into results values (null{', ?' * len(values)}) on conflict (kind, name, key) do update set"
            " wish = excluded.wish, document = excluded.document, shown = excluded.shown",
            [values],
        )

    def show(self, kind: str, name: str, key: Key, when: float) -> None:
        """Notes that a version is the one that the film shows."""
        self._write("update results set shown = ? where kind = ? and name = ? and key = ?", [(when, kind, name, key)])

    def results(self, kind: str) -> dict[str, list[Result]]:
        """Every finished version of things of a kind, oldest first, by name."""
        columns = "kind, name, key, wish, maker, made_by, take, source, met, document, made, shown"
        out: dict[str, list[Result]] = {}
        for row in self._rows(f"select {columns} from results where kind = ? order by id", (kind,)):
            if isinstance(row[6], int) and all(isinstance(when, float) for when in row[-2:]):  # else it is damaged
                out.setdefault(row[1], []).append(Result(*row))
        return out

    def keep_document(self, content: str) -> Key:
        """Keeps a text that results came from; its digest."""
        name = digest(content)
        self._write("insert or ignore into documents values (?, ?)", [(name, content)])
        return name

    def document(self, name: str) -> str | None:
        """A text that was kept; None when it is not there, or no longer what it was."""
        rows = self._rows("select content from documents where digest = ?", (name,))
        return str(rows[0][0]) if rows and digest(rows[0][0]) == name else None

    def failures(self, kind: str) -> dict[str, tuple[float, str]]:
        """Things of a kind whose last attempt failed: when that began, and the reason."""
        rows = self._rows(
            "select name, outcome, started, error from attempts where id in"
            " (select max(id) from attempts where kind = ? group by name)",
            (kind,),
        )
        return {name: (started, error) for name, outcome, started, error in rows if outcome == "failed"}

    def seconds_per_unit(self, kind: str) -> float | None:
        """How long this machine takes for one unit of such work, from its last attempts; None when it never did any."""
        rows = self._rows(
            "select sum(seconds), sum(units) from (select seconds, units from attempts"
            " where kind = ? and outcome = 'done' order by id desc limit 20)",
            (kind,),
        )
        return rows[0][0] / rows[0][1] if rows and rows[0][1] else None

    def close(self) -> None:
        """Writes the log back into the file."""
        self._db.close()

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        try:
            return self._db.execute(query, tuple(values)).fetchall()
        except FAULTS as error:
            self._renew(error)
            return self._db.execute(query, tuple(values)).fetchall()

    def _write(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        try:
            with self._db:
                self._db.executemany(statement, rows)
        except FAULTS as error:
            self._renew(error)
            with self._db:
                self._db.executemany(statement, rows)

    def _renew(self, error: Exception) -> None:
        """Sets a damaged file aside and starts a new one. Raises StoryforgeError when it is something else."""
        code = getattr(error, "sqlite_errorcode", None)
        if code == sqlite3.SQLITE_FULL:
            raise disk_error(OSError(errno.ENOSPC, str(error)), self._path.parent) from error
        if not (isinstance(error, UnicodeError) or code in DAMAGED or str(error).startswith(GARBLED)):
            raise StoryforgeError(
                f"{self._path}: {error}; finished work is kept, run the same command again"
            ) from error
        if hasattr(self, "_db"):
            self._db.close()
        aside = self._path.with_name(f"{self._path.name}.damaged-{time.time_ns()}")
        self._path.replace(aside)
        for tail in ("-wal", "-shm"):  # they belong to the file that is gone
            self._path.with_name(self._path.name + tail).unlink(missing_ok=True)
        self._db = _opened(self._path)


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
    connection.text_factory = lambda content: content.decode(errors="replace")
    try:
        checked = connection.execute("pragma quick_check(1)").fetchone()
        if checked != ("ok",):
            raise sqlite3.DatabaseError(f"malformed {checked}")
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
        if version > len(MIGRATIONS):
            raise StoryforgeError(
                "the journal in .storyforge is of a newer storyforge; use that one, or another folder"
            )
        for step in MIGRATIONS[version:]:
            step(connection)
        if version < len(MIGRATIONS):
            connection.execute(f"pragma user_version = {len(MIGRATIONS)}")

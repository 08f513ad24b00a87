"""Where a storyboard comes from: what storyforge itself wrote last, so that edits by hand are seen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storyforge.cas import digest
from storyforge.production.outputs import replacing, write_text


@dataclass(frozen=True)
class Origin:
    """asked: digest of the story and the wishes behind it, empty for a program's board; text: as it was written.

    planner: who planned it. wishes: what was asked of the plan: length (seconds), shots, size, style, title.
    """

    asked: str
    text: str
    planner: str = ""
    wishes: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, story: str, planner: str, wishes: Mapping[str, Any], text: str) -> "Origin":
        """What a planner of that name wrote for a story."""
        return cls(digest(("plan", story, planner, dict(wishes))), text, planner, dict(wishes))

    def wrote(self, there: str) -> bool:
        """Whether this text is as storyforge wrote it."""
        return there == self.text


def origin(board: Path) -> Origin | None:
    """What was written last into a storyboard's file; None when that is not known."""
    record, written = _files(board)
    try:
        values, text = json.loads(record.read_text()), written.read_text(encoding="utf-8")
        made = Origin(str(values["asked"]), text, str(values.get("planner", "")), dict(values.get("wishes", {})))
        return made if values["text"] == digest(text) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(board: Path, origin: Origin) -> None:
    """Keeps what was written into a storyboard's file."""
    record, written = _files(board)
    values = {"asked": origin.asked, "text": digest(origin.text), "planner": origin.planner, "wishes": origin.wishes}
    write_text(written, origin.text)
    write_text(record, json.dumps(values, indent=1))


def _files(board: Path) -> tuple[Path, Path]:
    """The record and the text, beside the storyboard; a folder may hold several storyboards."""
    name = "plan" if board.name == "storyboard.yaml" else f"{board.name}.plan"
    return board.parent / ".storyforge" / f"{name}.json", board.parent / ".storyforge" / f"{name}.yaml"


def set_aside(path: Path, new: str) -> Path | None:
    """Copies a storyboard that `new` replaces to storyboard.old.yaml (or -2, -3 ...); None when nothing is replaced."""
    if not path.exists() or path.read_text(encoding="utf-8", errors="surrogateescape") == new:
        return None
    names = (f"{path.stem}.old{f'-{number}' if number > 1 else ''}{path.suffix}" for number in range(1, 10**6))
    for name in names:
        old = path.with_name(name)
        if not old.exists():
            with replacing(old) as temp:
                temp.write_bytes(path.read_bytes())
            return old
        if old.read_bytes() == path.read_bytes():
            return old
    return None

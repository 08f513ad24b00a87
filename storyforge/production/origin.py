"""Where a project's storyboard comes from: what storyforge itself wrote last, so that edits by hand are seen."""

import json
from dataclasses import dataclass
from pathlib import Path

from storyforge.cas import digest
from storyforge.production.outputs import replacing, write_text

RECORD, TEXT = Path(".storyforge") / "plan.json", Path(".storyforge") / "plan.yaml"


@dataclass(frozen=True)
class Origin:
    """asked: digest of the story and the wishes behind it, empty for a program's board; text: as it was written."""

    asked: str
    text: str

    def wrote(self, there: str) -> bool:
        """Whether this text is as storyforge wrote it."""
        return there == self.text


def origin(folder: Path) -> Origin | None:
    """What was written last into a project's folder; None when that is not known."""
    try:
        values, text = json.loads((folder / RECORD).read_text()), (folder / TEXT).read_text(encoding="utf-8")
        return Origin(str(values["asked"]), text) if values["text"] == digest(text) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(folder: Path, origin: Origin) -> None:
    """Keeps what was written."""
    write_text(folder / TEXT, origin.text)
    write_text(folder / RECORD, json.dumps({"asked": origin.asked, "text": digest(origin.text)}, indent=1))


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

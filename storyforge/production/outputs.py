"""Outputs: the files of a project's folder that people look at, copied from the store, whole or not at all."""

import json
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyforge.cas import Blob, Key, disk_error
from storyforge.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

IGNORED = ("/.storyforge/", "/cast/", "/panels/", "/shots/", "/takes/", "/draft/", "/film.*", "/storyboard.schema.json")
"""What can be made again, for the project folder's .gitignore."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path` with the same suffix, renamed to it when the block ends without an error."""
    temp = path.with_name(f".{path.stem}-{os.getpid()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temp
        temp.replace(path)
    except OSError as error:
        raise disk_error(error, path.parent) from error
    finally:
        temp.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Writes a text file, whole or not at all."""
    with replacing(path) as temp:
        temp.write_text(text, encoding="utf-8")


def read_text(path: Path) -> str:
    """A text file that people may have written. Raises InputError for what is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text; save it as UTF-8, move it away, or name another folder") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"{path} cannot be opened: {reason}; move it away, or name another folder") from error


def publish(blob: Blob, path: Path) -> None:
    """Copies a stored file to where people look, unless that very copy is there already."""
    stored = blob.path.stat()
    if path.exists():
        there = path.stat()
        if there.st_size == stored.st_size and there.st_mtime_ns == stored.st_mtime_ns:
            return
    with replacing(path) as temp:
        shutil.copy2(blob.path, temp)


def publish_picture(frame: "NDArray[np.uint8]", path: Path) -> None:
    """Writes a picture [height, width, 3] as PNG, unless the file shows the same already."""
    import numpy as np
    from PIL import Image, UnidentifiedImageError

    if path.exists():
        try:
            with Image.open(path) as there:
                if np.array_equal(np.asarray(there), frame):
                    return
        except (UnidentifiedImageError, OSError):
            path.unlink(missing_ok=True)  # not a picture any more: written anew
    with replacing(path) as temp:
        Image.fromarray(frame).save(temp, compress_level=1)


def ignore_file(folder: Path) -> None:
    """Writes the project's .gitignore once; the user may change it afterwards."""
    path = folder / ".gitignore"
    if not path.exists():
        write_text(path, "# storyforge makes these again\n" + "\n".join(IGNORED) + "\n")


def current(path: Path, key: Key) -> bool:
    """Whether an output is the very file that was made under this key, untouched since."""
    return bool(_noted(path).get("key") == key)


def note(path: Path, key: Key, missing: Collection[str] = ()) -> None:
    """Remembers what an output was made from; missing: ids of shots for which it shows a placeholder."""
    write_text(_note(path), json.dumps({"key": key, **_seen(path), "missing": list(missing)}, indent=1))


def missing_in(path: Path) -> frozenset[str]:
    """Ids of the shots for which an output, as it lies there, shows a placeholder."""
    return frozenset(map(str, _noted(path).get("missing", ())))


def _noted(path: Path) -> dict[str, Any]:
    """What was noted of an output; nothing where it was touched since."""
    try:
        kept = json.loads(_note(path).read_text())
        return kept if kept.items() >= _seen(path).items() else {}
    except (OSError, ValueError, AttributeError):
        return {}


def _note(path: Path) -> Path:
    return path.parent / ".storyforge" / "made" / f"{path.name}.json"


def _seen(path: Path) -> dict[str, int]:
    there = path.stat()
    return {"size": there.st_size, "modified": there.st_mtime_ns}

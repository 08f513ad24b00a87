"""The store: results as files under their key, written whole or not at all, checked when read.

store/3f/3fa9...c1-08b2.safetensors   the blob, its name ending in its digest
store/3f/3fa9...c1.json               its record; a blob without one does not exist
store/damaged/                        blobs that no longer match their record
store/temp/                           blobs being written
"""

import json
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyforge.cas.keys import Key, file_digest
from storyforge.errors import StoryforgeError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FORMAT = 1


@dataclass(frozen=True)
class Blob:
    """A stored result: where it lies, the digest of its bytes, and what is known about it."""

    key: Key
    path: Path
    digest: Key
    size: int
    meta: Mapping[str, Any] = field(default_factory=dict)


class Store:
    """A folder of blobs; several processes may use one at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __contains__(self, key: Key) -> bool:
        """Whether the blob is here at its recorded size; `get` also reads it."""
        return self.look(key) is not None

    def look(self, key: Key) -> Blob | None:
        """The blob if it is here at its recorded size, without reading it."""
        try:
            text = self._record(key).read_text()
        except FileNotFoundError:
            return None
        with suppress(OSError, ValueError, KeyError, TypeError):  # a damaged record is set aside below, with its blob
            record = json.loads(text)
            blob = Blob(key, self._home(key) / record["file"], Key(record["digest"]), record["size"], record["meta"])
            if record["format"] == _FORMAT and blob.path.stat().st_size == blob.size:
                return blob
        self._set_aside(key)
        return None

    def get(self, key: Key) -> Blob | None:
        """The blob, its bytes compared with the recorded digest; a damaged one is set aside and counts as missing."""
        blob = self.look(key)
        if blob is None:
            return None
        if file_digest(blob.path) == blob.digest:
            return blob
        self._set_aside(key)
        return None

    @contextmanager
    def writing(self, key: Key, suffix: str, meta: Mapping[str, Any] | None = None) -> Iterator[Path]:
        """A path to write the blob to; it enters the store, synced, when the block ends without an error."""
        temp = self._temp(suffix)
        try:
            yield temp
            self._commit(key, temp, suffix, meta or {})
        except OSError as error:
            raise disk_error(error, self.folder) from error
        finally:
            temp.unlink(missing_ok=True)

    def put_arrays(self, key: Key, arrays: "Mapping[str, NDArray[Any]]", meta: Mapping[str, Any] | None = None) -> Blob:
        """Keeps named arrays as safetensors."""
        import numpy as np
        from safetensors.numpy import save_file

        with self.writing(key, ".safetensors", meta) as path:
            save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, path)
        return self._kept(key)

    def arrays(self, key: Key) -> "tuple[dict[str, NDArray[Any]], Mapping[str, Any]] | None":
        """The arrays kept under a key and what is known about them, or None."""
        from safetensors.numpy import load

        blob = self.look(key)
        if blob is None:
            return None
        content = blob.path.read_bytes()
        if not self._matches(blob, content):
            return None
        return load(content), blob.meta

    def put_picture(self, key: Key, frame: "NDArray[np.uint8]", meta: Mapping[str, Any] | None = None) -> Blob:
        """Keeps a picture [height, width, 3] as PNG."""
        from PIL import Image

        with self.writing(key, ".png", meta) as path:
            Image.fromarray(frame).save(path, compress_level=1)
        return self._kept(key)

    def clean(self) -> None:
        """Removes what writers that died left behind."""
        for path in (self.folder / "temp").glob("*"):
            owner = path.name.lstrip(".").split("-")[0]
            if not (owner.isdigit() and _alive(int(owner))):
                path.unlink(missing_ok=True)

    def _commit(self, key: Key, temp: Path, suffix: str, meta: Mapping[str, Any]) -> None:
        """Renames the synced blob, then its record: a reader sees both or neither."""
        _sync(temp)
        home = self._home(key)
        home.mkdir(parents=True, exist_ok=True)
        digest = file_digest(temp)
        # The name holds the digest, so that a second writer of this key cannot put its blob under the first's record.
        blob = home / f"{key}-{digest[:12]}{suffix}"
        content = {"format": _FORMAT, "file": blob.name, "digest": digest, "size": temp.stat().st_size}
        content["meta"] = dict(meta)
        temp.replace(blob)
        record = self._temp(".json")
        try:
            record.write_text(json.dumps(content, indent=1, sort_keys=True))
            _sync(record)
            record.replace(self._record(key))
            for older in home.glob(f"{key}-*"):
                if older != blob:
                    older.unlink(missing_ok=True)
        finally:
            record.unlink(missing_ok=True)

    def _kept(self, key: Key) -> Blob:
        blob = self.look(key)
        if blob is None:
            raise StoryforgeError(f"{self._record(key)} vanished while it was written; is another program cleaning it?")
        return blob

    def _matches(self, blob: Blob, content: bytes) -> bool:
        import hashlib

        if hashlib.sha256(content).hexdigest() == blob.digest:
            return True
        self._set_aside(blob.key)
        return False

    def _set_aside(self, key: Key) -> None:
        damaged = self.folder / "damaged"
        damaged.mkdir(parents=True, exist_ok=True)
        for path in self._home(key).glob(f"{key}[-.]*"):
            with suppress(FileNotFoundError):  # another process set it aside first
                path.replace(damaged / path.name)

    def _home(self, key: Key) -> Path:
        return self.folder / key[:2]

    def _record(self, key: Key) -> Path:
        return self._home(key) / f"{key}.json"

    def _temp(self, suffix: str) -> Path:
        folder = self.folder / "temp"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise disk_error(error, self.folder) from error
        return folder / f"{os.getpid()}-{uuid.uuid4().hex}{suffix}"


def disk_error(error: OSError, folder: Path) -> StoryforgeError:
    """The sentence for a file that could not be written."""
    import errno

    if error.errno == errno.ENOSPC:
        return StoryforgeError(f"{folder}: the disk is full; free some space and run the same command again")
    return StoryforgeError(f"{error.filename or folder}: {error.strerror or error}; finished work is kept")


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

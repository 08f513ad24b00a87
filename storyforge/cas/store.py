"""The store: results as files under their key, written whole or not at all, checked when read.

store/3f/3fa9...c1-08b2.safetensors   the blob, its name ending in its digest
store/3f/3fa9...c1.json               its record; a blob without one does not exist
store/damaged/                        blobs that no longer match their record
store/temp/                           blobs being written
store/together/                       blobs that were made together, until each is in its place
"""

import errno
import json
import os
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyforge.cas.keys import Key, file_digest
from storyforge.errors import OutOfSpace, StoryforgeError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FORMAT = 1
INDEX = "index"  # of what is kept together: keys and what is known of them

FULL = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "your share of the disk is used up; free some space",
    errno.EFBIG: "a file grew larger than this disk or `ulimit -f` allows; change that",
}
"""What no other shot can escape: why nothing more can be written, and the next step."""


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
        text = self._read_record(key)
        blob = self._blob(key, text) if text is not None else None
        if blob is None and text is not None:
            with self._locked():  # it may just have been replaced
                text = self._read_record(key)
                blob = self._blob(key, text) if text is not None else None
                if blob is None:
                    self._set_aside(key)
        return blob

    def get(self, key: Key) -> Blob | None:
        """The blob, its bytes compared with the recorded digest; a damaged one is set aside and counts as missing."""
        blob = self.look(key)
        if blob is None:
            return None
        with suppress(FileNotFoundError):  # replaced since, as likely as not by the same content
            if file_digest(blob.path) == blob.digest:
                return blob
        with self._locked():
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

    def put_file(
        self, key: Key, suffix: str, write: Callable[[Path], None], meta: Mapping[str, Any] | None = None
    ) -> Blob:
        """Keeps the file that `write` writes to the path it is given."""
        with self.writing(key, suffix, meta) as path:
            write(path)
        return self._kept(key)

    def put_arrays(self, key: Key, arrays: "Mapping[str, NDArray[Any]]", meta: Mapping[str, Any] | None = None) -> Blob:
        """Keeps named arrays as safetensors."""
        import numpy as np
        from safetensors.numpy import save

        content = save({name: np.ascontiguousarray(array) for name, array in arrays.items()})
        with self.writing(key, ".safetensors", meta) as path:
            path.write_bytes(content)  # its own writer says nothing of a full disk that can be told from a fault
        return self._kept(key)

    def put_together(self, results: "Mapping[Key, tuple[Mapping[str, NDArray[Any]], Mapping[str, Any]]]") -> None:
        """Keeps the arrays of several keys, with what is known about them: all of them or, where it is killed, none.

        What is made in one call depends on all that is made in it, so that a part of it could not be made again alone.
        """
        import numpy as np
        from safetensors.numpy import save

        index = [[key, dict(meta)] for key, (_, meta) in results.items()]
        content = {
            f"{number}/{name}": np.ascontiguousarray(array)
            for number, (arrays, _) in enumerate(results.values())
            for name, array in arrays.items()
        }
        temp = self._temp(".safetensors")
        try:
            temp.write_bytes(save(content | {INDEX: np.frombuffer(json.dumps(index).encode(), np.uint8)}))
            _sync(temp)
            whole = self.folder / "together" / f"{file_digest(temp)}.safetensors"
            whole.parent.mkdir(parents=True, exist_ok=True)
            temp.replace(whole)
        except OSError as error:
            raise disk_error(error, self.folder) from error
        finally:
            temp.unlink(missing_ok=True)
        self._settle(whole)

    def _settle(self, whole: Path) -> None:
        """Puts results that were kept together in their places."""
        from safetensors.numpy import load

        with suppress(FileNotFoundError):  # another process has done it
            if file_digest(whole) == whole.stem:  # else it is damaged, and what is missing of it is made again
                content = load(whole.read_bytes())
                for number, (key, meta) in enumerate(json.loads(content[INDEX].tobytes())):
                    mine = f"{number}/"
                    if self.get(key) is None:
                        arrays = {name.removeprefix(mine): content[name] for name in content if name.startswith(mine)}
                        self.put_arrays(key, arrays, meta)
        whole.unlink(missing_ok=True)

    def arrays(self, key: Key) -> "tuple[dict[str, NDArray[Any]], Mapping[str, Any]] | None":
        """The arrays kept under a key and what is known about them, or None."""
        from safetensors.numpy import load

        blob = self.look(key)
        if blob is None:
            return None
        try:
            content = blob.path.read_bytes()
        except FileNotFoundError:  # replaced since
            return self.arrays(key)
        if not self._matches(blob, content):
            return None
        return load(content), blob.meta

    def put_picture(self, key: Key, frame: "NDArray[np.uint8]", meta: Mapping[str, Any] | None = None) -> Blob:
        """Keeps a picture [height, width, 3] as PNG."""
        from PIL import Image

        with self.writing(key, ".png", meta) as path:
            Image.fromarray(frame).save(path, compress_level=1)
        return self._kept(key)

    def blobs(self) -> Iterator[Blob]:
        """Every blob that is here at its recorded size."""
        for record in sorted(self.folder.glob("[0-9a-f][0-9a-f]/*.json")):
            blob = self.look(Key(record.stem))
            if blob is not None:
                yield blob

    def remove(self, blob: Blob) -> None:
        """Removes a blob: its record first, so that nobody reads what is going."""
        with self._locked():
            self._record(blob.key).unlink(missing_ok=True)
            blob.path.unlink(missing_ok=True)

    def damaged(self) -> list[Path]:
        """Files that were set aside."""
        return sorted((self.folder / "damaged").glob("*"))

    def clean(self) -> None:
        """Finishes or removes what writers that died left behind."""
        for whole in (self.folder / "together").glob("*.safetensors"):
            self._settle(whole)
        for path in (self.folder / "temp").glob("*"):
            owner = path.name.lstrip(".").split("-")[0]
            if not (owner.isdigit() and _alive(int(owner))):
                path.unlink(missing_ok=True)

    def _read_record(self, key: Key) -> str | None:
        try:
            return self._record(key).read_text()
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            return ""

    def _blob(self, key: Key, text: str) -> Blob | None:
        """What a record says, if its blob is there at its size."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            record = json.loads(text)
            path = self._home(key) / record["file"]
            if record["format"] == _FORMAT and path.stat().st_size == record["size"]:
                return Blob(key, path, Key(record["digest"]), record["size"], record["meta"])
        return None

    def _commit(self, key: Key, temp: Path, suffix: str, meta: Mapping[str, Any]) -> None:
        """Renames the synced blob, then its record: a reader sees both or neither."""
        _sync(temp)
        self._home(key).mkdir(parents=True, exist_ok=True)
        digest = file_digest(temp)
        # The name holds the digest, so that a second writer of this key cannot put its blob under the first's record.
        blob = self._home(key) / f"{key}-{digest[:12]}{suffix}"
        content = {"format": _FORMAT, "file": blob.name, "digest": digest, "size": temp.stat().st_size}
        record = self._temp(".json")
        try:
            record.write_text(json.dumps({**content, "meta": dict(meta)}, indent=1, sort_keys=True))
            _sync(record)
            with self._locked():
                before = self._blob(key, self._read_record(key) or "")
                temp.replace(blob)
                record.replace(self._record(key))
                if before is not None and before.path != blob:
                    before.path.unlink(missing_ok=True)
        finally:
            record.unlink(missing_ok=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process (and thread) at a time: for renames that belong together."""
        with (self.folder / "lock").open("a+b") as file:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX)  # closing the file ends it, a process that dies does too
            yield

    def _kept(self, key: Key) -> Blob:
        blob = self.look(key)
        if blob is None:
            raise StoryforgeError(f"{self._record(key)} vanished while it was written; is another program cleaning it?")
        return blob

    def _matches(self, blob: Blob, content: bytes) -> bool:
        import hashlib

        if hashlib.sha256(content).hexdigest() == blob.digest:
            return True
        with self._locked():
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


def out_of_space(error: BaseException) -> bool:
    """Whether an error is a full disk's, so that nothing else could be written either."""
    return isinstance(error, OutOfSpace) or (isinstance(error, OSError) and error.errno in FULL)


def disk_error(error: OSError, folder: Path) -> StoryforgeError:
    """The sentence for a file that could not be written; OutOfSpace where no other could be either."""
    if error.errno in FULL:
        return OutOfSpace(f"{folder}: {FULL[error.errno]} and run the same command again")
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

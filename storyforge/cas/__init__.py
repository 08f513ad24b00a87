"""Content-addressed storage: keys, the store of results and the journal of work."""

from storyforge.cas.journal import Attempt, Journal, Result
from storyforge.cas.keys import Key, digest, file_digest, key
from storyforge.cas.store import Blob, Store, disk_error, out_of_space

__all__ = [
    "Attempt",
    "Blob",
    "Journal",
    "Key",
    "Result",
    "Store",
    "digest",
    "disk_error",
    "file_digest",
    "key",
    "out_of_space",
]

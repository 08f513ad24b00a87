"""The store keeps results whole or not at all, and notices damage."""

import json
import os
import random
import threading
from pathlib import Path

import numpy as np
import pytest

from storyforge.cas import Key, Store, key
from storyforge.errors import StoryforgeError

KEY = key("level", 1, name="a")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def kept(store: Store, rows: np.ndarray) -> Key:
    store.put_arrays(KEY, {"x": rows}, {"stride": 16})
    return KEY


def test_arrays_come_back_as_they_went_in(store: Store) -> None:
    rows = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    store.put_arrays(KEY, {"x": rows, "parts": np.arange(4).reshape(2, 2)}, {"stride": 16})
    arrays, meta = store.arrays(KEY) or ({}, {})
    assert np.array_equal(arrays["x"], rows)
    assert arrays["x"].dtype == np.float32
    assert np.array_equal(arrays["parts"], [[0, 1], [2, 3]])
    assert meta == {"stride": 16}


def test_a_transposed_array_comes_back_in_order(store: Store) -> None:
    rows = np.arange(6, dtype=np.float32).reshape(2, 3).T
    assert np.array_equal((store.arrays(kept(store, rows)) or ({}, {}))[0]["x"], rows)


def test_a_picture_comes_back_pixel_for_pixel(store: Store) -> None:
    from PIL import Image

    frame = np.random.default_rng(1).integers(0, 256, (12, 16, 3)).astype(np.uint8)
    blob = store.put_picture(KEY, frame)
    assert np.array_equal(np.asarray(Image.open(blob.path)), frame)


def test_what_was_never_kept_is_missing(store: Store) -> None:
    assert KEY not in store
    assert store.get(KEY) is None
    assert store.arrays(KEY) is None


def test_a_writer_that_fails_leaves_nothing(store: Store) -> None:
    def write() -> None:
        with store.writing(KEY, ".mp4") as path:
            path.write_bytes(b"half")
            raise RuntimeError("the renderer failed")

    with pytest.raises(RuntimeError, match="the renderer failed"):
        write()
    assert KEY not in store
    assert not [path for path in store.folder.rglob("*") if path.is_file()]


def test_equal_content_has_equal_digests_and_other_content_others(store: Store) -> None:
    first = store.put_arrays(KEY, {"x": np.zeros(3)})
    second = store.put_arrays(key("level", 1, name="b"), {"x": np.zeros(3)})
    third = store.put_arrays(KEY, {"x": np.ones(3)})
    assert first.digest == second.digest != third.digest
    assert not first.path.exists(), "a blob that was replaced is removed"


@pytest.mark.parametrize("seed", range(20))
def test_damage_is_noticed_and_set_aside(store: Store, seed: int) -> None:
    rng = random.Random(seed)
    blob = store.put_arrays(KEY, {"x": np.arange(64, dtype=np.float32)})
    target = rng.choice([blob.path, blob.path.parent / f"{KEY}.json"])
    content = bytearray(target.read_bytes())
    harm = rng.choice(["flip", "cut", "empty", "gone"])
    if harm == "flip":
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    target.write_bytes(bytes(content if harm == "flip" else content[: rng.randrange(len(content))] * (harm == "cut")))
    if harm == "gone":
        target.unlink()
    found = store.arrays(KEY)
    assert found is None or np.array_equal(found[0]["x"], np.arange(64))
    store.put_arrays(KEY, {"x": np.ones(2)})
    assert np.array_equal((store.arrays(KEY) or ({}, {}))[0]["x"], [1, 1])


def test_a_damaged_blob_is_kept_for_inspection(store: Store) -> None:
    blob = store.put_arrays(KEY, {"x": np.zeros(4)})
    blob.path.write_bytes(b"z" * blob.size)
    assert store.get(KEY) is None
    assert (store.folder / "damaged" / blob.path.name).exists()


def test_records_are_json_that_people_can_read(store: Store) -> None:
    blob = store.put_arrays(KEY, {"x": np.zeros(4)}, {"shot": "storm-1"})
    record = json.loads((blob.path.parent / f"{KEY}.json").read_text())
    assert record["meta"] == {"shot": "storm-1"}
    assert record["digest"] == blob.digest


def test_cleaning_removes_only_what_dead_writers_left(store: Store) -> None:
    temp = store.folder / "temp"
    temp.mkdir(parents=True)
    ours, dead = temp / f"{os.getpid()}-aa.mp4", temp / "999999999-bb.mp4"
    part = temp / ".999999999-bb.mp4.999999999.part"
    for path in (ours, dead, part):
        path.write_bytes(b"x")
    store.clean()
    assert sorted(path.name for path in temp.iterdir()) == [ours.name]


def test_two_writers_of_one_key_do_not_mix(store: Store) -> None:
    def write(value: int) -> None:
        for _ in range(20):
            store.put_arrays(KEY, {"x": np.full(1000, value)})

    threads = [threading.Thread(target=write, args=(value,)) for value in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = store.arrays(KEY)
    assert found is None or len(set(found[0]["x"])) == 1


def test_a_full_disk_is_one_sentence(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    def full(fd: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoryforgeError, match="the disk is full; free some space and run the same command again"):
        store.put_arrays(KEY, {"x": np.zeros(4)})
    assert KEY not in store

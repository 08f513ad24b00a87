"""Results that were made together are kept together or not at all, whenever the writer dies."""

from pathlib import Path

import numpy as np
import pytest

from storyforge.cas import Key, Store, digest

RESULTS = {digest(name): ({"row": np.full(4, number)}, {"shot": name}) for number, name in enumerate("abc")}


def kept(store: Store) -> set[str]:
    return {found[1]["shot"] for key in RESULTS if (found := store.arrays(key))}


def test_all_are_in_their_places(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_together(RESULTS)
    assert kept(store) == {"a", "b", "c"}
    for key, (arrays, meta) in RESULTS.items():
        found = store.arrays(key)
        assert found is not None
        assert np.array_equal(found[0]["row"], arrays["row"])
        assert dict(found[1]) == meta
    assert not list((tmp_path / "together").iterdir())


@pytest.mark.parametrize("done", [0, 1, 2])
def test_a_writer_that_dies_has_kept_all_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, done: int) -> None:
    store, put, times = Store(tmp_path), Store.put_arrays, iter(range(9))

    def dying(self: Store, key: Key, *what: object) -> object:
        if next(times) == done:
            raise KeyboardInterrupt
        return put(self, key, *what)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "put_arrays", dying)
    with pytest.raises(KeyboardInterrupt):
        store.put_together(RESULTS)
    monkeypatch.undo()
    assert len(kept(store)) == done
    store.clean()
    assert kept(store) == {"a", "b", "c"}
    assert not list((tmp_path / "together").iterdir())


def test_one_that_dies_before_has_kept_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", dying)
    with pytest.raises(KeyboardInterrupt):
        Store(tmp_path).put_together(RESULTS)
    monkeypatch.undo()
    Store(tmp_path).clean()
    assert kept(Store(tmp_path)) == set()


def test_what_was_damaged_meanwhile_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    monkeypatch.setattr(Store, "_settle", lambda self, whole: None)
    store.put_together(RESULTS)
    monkeypatch.undo()
    (whole,) = (tmp_path / "together").iterdir()
    content = bytearray(whole.read_bytes())
    content[-1] ^= 1
    whole.write_bytes(content)
    store.clean()
    assert kept(store) == set()
    assert not whole.exists()

"""The stopwatch counts each second once, and leaves the program as it was."""

import threading
import time
from functools import cached_property
from importlib import import_module
from time import perf_counter

import pytest

from storyforge import cas
from storyforge.bench.build import PARTS
from storyforge.bench.stopwatch import Stopwatch
from storyforge.cas import keys
from storyforge.production import Renderer


def test_a_call_inside_another_is_counted_once_for_the_inner_part() -> None:
    watch = Stopwatch()
    inner = watch.timed("inner", lambda: time.sleep(0.05))
    clock = perf_counter()
    watch.timed("outer", inner)()
    whole = perf_counter() - clock
    assert watch.seconds["inner"] >= 0.05
    assert watch.seconds["outer"] <= whole - 0.05
    assert watch.seconds.total() <= whole


def test_a_call_that_fails_is_counted_and_ends() -> None:
    watch = Stopwatch()
    with pytest.raises(ZeroDivisionError):
        watch.timed("part", lambda: 1 / 0)()
    before = watch.seconds.total()
    assert before > 0
    time.sleep(0.01)
    with watch.within("other"):
        assert watch.seconds.total() == before, "what happens between two calls is nobody's"


def test_threads_do_not_end_each_others_parts() -> None:
    watch = Stopwatch()
    threads = [threading.Thread(target=watch.timed(part, lambda: time.sleep(0.05))) for part in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert min(watch.seconds["one"], watch.seconds["two"]) >= 0.05


def test_functions_are_timed_wherever_they_are_known_and_put_back() -> None:
    watch = Stopwatch()
    plain, takes = keys.digest, import_module("storyforge.production.takes")
    with watch.on({"keys": ("storyforge.cas.keys:digest",)}):
        assert cas.digest is keys.digest is takes.digest
        assert takes.digest is not plain
        cas.key("panel", 1, x=1)
    assert watch.seconds["keys"] > 0
    assert cas.digest is keys.digest is takes.digest is plain


def test_members_are_timed_and_put_back() -> None:
    watch = Stopwatch()
    plain = vars(Renderer)["fingerprint"]

    class Slow:
        @property
        def fingerprint(self) -> str:
            time.sleep(0.02)
            return "slow"

    with watch.on({"keys": ("storyforge.production.renderers:Renderer.fingerprint",)}):
        renderer = Renderer("slow", Slow())  # type: ignore[arg-type]  # of a backend no more is asked here
        assert [renderer.fingerprint, renderer.fingerprint] == ["slow", "slow"]
    assert 0.02 <= watch.seconds["keys"] < 0.04, "it is kept after the first time"
    assert vars(Renderer)["fingerprint"] is plain
    assert isinstance(plain, cached_property)


def test_every_call_of_the_bench_is_there_once() -> None:
    names = [name for part in PARTS.values() for name in part]
    assert len(set(names)) == len(names)
    with Stopwatch().on(PARTS):
        assert hasattr(cas.Store.look, "__wrapped__")
    assert not hasattr(cas.Store.look, "__wrapped__")

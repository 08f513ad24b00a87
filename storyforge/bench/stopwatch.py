"""A stopwatch on chosen calls of the program: how many seconds it spends inside them, each second counted once."""

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property, wraps
from importlib import import_module
from time import perf_counter
from typing import Any


class Stopwatch:
    """Seconds by part; where calls stand inside one another, each second belongs to the innermost part alone.

    Threads are timed side by side, so their seconds add up.
    """

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._here = threading.local()
        self._lock = threading.Lock()

    @contextmanager
    def within(self, part: str) -> Iterator[None]:
        """Counts what is done here as `part`."""
        outer = self._turn(part)
        try:
            yield
        finally:
            self._turn(outer)

    def timed(self, part: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call, counted as `part`."""

        @wraps(call)
        def counted(*args: Any, **kwargs: Any) -> Any:
            with self.within(part):
                return call(*args, **kwargs)

        return counted

    @contextmanager
    def on(self, parts: Mapping[str, Sequence[str]]) -> Iterator[None]:
        """Times calls while the block lasts; parts: names of calls ("package.module:function", "...:Class.method")."""
        with ExitStack() as stack:
            for part, names in parts.items():
                for name in names:
                    stack.enter_context(self._watched(part, name))
            yield

    def _turn(self, part: str | None) -> str | None:
        """Ends the part that this thread was in and begins another; what it was."""
        now = perf_counter()
        was: str | None = getattr(self._here, "part", None)
        if was is not None:
            with self._lock:
                self.seconds[was] += now - self._here.since
        self._here.part, self._here.since = part, now
        return was

    @contextmanager
    def _watched(self, part: str, name: str) -> Iterator[None]:
        module, _, path = name.partition(":")
        *owners, last = path.split(".")
        if owners:
            owner = getattr(import_module(module), owners[0])
            plain = vars(owner)[last]
            setattr(owner, last, self._member(part, last, owner, plain))
            try:
                yield
            finally:
                setattr(owner, last, plain)
        else:
            function = getattr(import_module(module), last)
            counted = self.timed(part, function)
            _everywhere(function, counted)
            try:
                yield
            finally:
                _everywhere(counted, function)  # also where a module was loaded meanwhile

    def _member(self, part: str, name: str, owner: type, member: Any) -> Any:
        if not isinstance(member, cached_property):
            return self.timed(part, member)
        counted = cached_property(self.timed(part, member.func))
        counted.__set_name__(owner, name)
        return counted


def _everywhere(old: object, new: object) -> None:
    """Puts one function in another's place in every module of ours that knows it by its name."""
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "storyforge":
            for known, value in list(vars(module).items()):
                if value is old:
                    setattr(module, known, new)

"""Ctrl-C beside threads: raised between two steps, never inside one.

An interrupt is raised wherever the main thread happens to be. Where that is within `threading`, just after a lock was
taken, nobody gives the lock back and the other threads wait for ever: a render that was stopped has hung that way.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def held() -> Iterator[Callable[[], bool]]:
    """Holds Ctrl-C back within the block, which may ask whether it came; then it is raised as KeyboardInterrupt.

    Nothing is held in threads other than the main one, where none is raised, nor where a program handles it itself.
    """
    usual = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or usual is not signal.default_int_handler:
        yield lambda: False
        return
    pressed: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        pressed.append(number)

    signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, usual)
    if pressed:
        raise KeyboardInterrupt

"""What holds for every test: one thread, no network but this machine's own, no key, no user settings."""

import gc
import os
import socket
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Before anything imports torch or a hub client; worker processes and subprocesses inherit it.
os.environ.update(OMP_NUM_THREADS="1", HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", TERM="dumb", COLUMNS="120")
for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "STORYFORGE_PLANNER", "FORCE_COLOR", "NO_COLOR"):
    os.environ.pop(name, None)

# The same examples on every machine, and no clock: machines are shared.
settings.register_profile("storyforge", deadline=None, max_examples=60, derandomize=True, database=None)
settings.load_profile("storyforge")

# No test cuts the power, which is what waiting for the disk is for; it would be a tenth of their time.
os.fsync = lambda file: None

# Modules of networks are many objects in circles, and each search for garbage goes through all that the libraries made,
# too: a tenth of the time of tests with networks. Set before test modules import them.
gc.set_threshold(50_000, 10, 10)

LOOPBACK = ("127.", "::1", "localhost")
PRODUCTION = Path(__file__).parent / "production"
UNRENDERED = ("addresses", "cues", "placing", "prompts", "spans")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of productions are slow as a whole, but for those that render next to nothing."""
    for item in items:
        if PRODUCTION in item.path.parents and item.path.stem.removeprefix("test_") not in UNRENDERED:
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """What is there before the first test stays, and is not searched again."""
    gc.freeze()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Paths of homes to be; pytest's own way of finding the next free name takes longer the more there are."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_home(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, so that no test reads or writes the settings of whoever runs it."""
    home = next(homes)
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    return home


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuses to connect anywhere but to this machine, so that a test that needs the network fails everywhere."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            raise ConnectionRefusedError(f"a test tried to reach {address[0]}; tests are offline")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)

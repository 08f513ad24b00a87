"""What holds for every test: one thread, no network but this machine's own, no key, no user settings."""

import os
import socket
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

LOOPBACK = ("127.", "::1", "localhost")
PRODUCTION = Path(__file__).parent / "production"
UNRENDERED = ("addresses", "cues", "placing", "prompts", "spans")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of productions are slow as a whole, but for those that render next to nothing."""
    for item in items:
        if PRODUCTION in item.path.parents and item.path.stem.removeprefix("test_") not in UNRENDERED:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, so that no test reads or writes the settings of whoever runs it."""
    home = tmp_path_factory.mktemp("home")
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

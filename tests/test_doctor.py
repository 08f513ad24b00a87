"""The doctor names what is wrong and the next step."""

import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from storyforge import doctor


def install_foreign(folder: Path) -> None:
    """What pip leaves of another distribution called storyforge."""
    info = folder / "storyforge-9.9.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: storyforge\nVersion: 9.9\nSummary: Stories for games.\n"
    )


def test_this_machine_has_no_problem() -> None:
    found = doctor.examine()
    assert {finding.subject for finding in found} >= {"Python", "storyforge", "packages", "torch", "disk", "video"}
    assert not [finding for finding in found if finding.level == "problem"]


def test_another_storyforge_is_named_and_how_to_remove_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not list(doctor.foreign_package())
    install_foreign(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (finding,) = doctor.foreign_package()
    assert finding.level == "problem"
    assert "`storyforge` 9.9 (Stories for games)" in finding.sentence
    assert "pip uninstall storyforge" in finding.sentence


def test_another_storyforge_command_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = tmp_path / "storyforge"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    (finding,) = doctor.foreign_command()
    assert str(command) in finding.sentence
    assert str(Path(sys.executable).parent) in finding.sentence


def test_a_full_disk_and_a_closed_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**10, 10**10, 10**6))
    (finding,) = doctor.space(tmp_path)
    assert finding.level == "warning"
    assert "make room" in finding.sentence


def test_the_voice_and_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (found,) = doctor.voice()
    assert found.level == "warning"
    assert "the narrator is silent; install espeak-ng (Debian, Ubuntu: apt install espeak-ng" in found.sentence
    program = tmp_path / "espeak-ng"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (found,) = doctor.voice()
    assert (found.level, found.sentence) == ("good", f"{program} says lines and narration")
    assert "voice" in {one.subject for one in doctor.examine(tmp_path)}


def test_a_planner_that_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYFORGE_PLANNER", "gpt")
    monkeypatch.setenv("OPENAI_API_KEY", "not-a-real-key")
    (finding,) = doctor.planner()
    assert finding.level == "warning"
    assert "openai:MODEL" in finding.sentence
    monkeypatch.delenv("STORYFORGE_PLANNER")
    (finding,) = doctor.planner()
    assert finding.level == "good"
    assert "not-a-real-key" not in finding.sentence


def test_a_check_that_fails_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError("no such device")

    monkeypatch.setattr(doctor, "codec", broken)
    (finding,) = [finding for finding in doctor.examine() if finding.subject == "broken"]
    assert finding.sentence == "could not be looked at: OSError: no such device"


def test_importing_the_doctor_is_cheap() -> None:
    code = "import sys, storyforge.doctor; print(*{'torch', 'av', 'PIL', 'diffusers'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not out.stdout.strip()

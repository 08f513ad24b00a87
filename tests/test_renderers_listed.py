"""`storyforge renderers` and `doctor`: ready ones first, licences, what each needs, and commands that can be copied."""

import json
from pathlib import Path

import pytest

from storyforge.cli import main
from storyforge.doctor import renderers

PROFILE = """\
backend: diffusers
about: "clips of fog"
licence: "Apache-2.0 (weights), MIT (everything else that it needs, which is a long list of words)"
needs: "a GPU with 800 GB of memory, and as many more words as make a line that has to be folded somewhere"
pipeline: WanPipeline
checkpoint: someone-with-a-long-name/a-checkpoint-of-fog-2.1-14b
loras: [{checkpoint: someone-with-a-long-name/a-lora-of-fog}]
clip: {frames: 81, fps: 16, size: [832, 480], ratio: 4}
"""


@pytest.fixture
def mine(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own profiles."""
    folder = own_home / "config" / "storyforge" / "renderers"
    folder.mkdir(parents=True)
    (folder / "fog.yaml").write_text(PROFILE)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("HF_HUB_CACHE", str(own_home / "hub"))
    return folder


def ends(*words: str) -> int:
    """What `storyforge renderers` ends with."""
    with pytest.raises(SystemExit) as ended:
        main(["renderers", *words])
    return int(ended.value.code or 0)


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert ends(*words) == 0
    return capsys.readouterr().out


def test_ready_ones_come_first_and_every_line_fits(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = listed(capsys)
    lines = said.splitlines()
    assert lines[0] == "ready (1)"
    assert lines[1].split() == ["toon", "Apache-2.0"]
    assert any(line.startswith("not ready (") for line in lines)
    assert max(map(len, lines)) <= 80
    assert "hf download" not in said
    assert lines[-1].startswith("`storyforge renderers WORD` tells more")


def test_a_word_tells_more_and_every_command_stays_in_one_line(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = listed(capsys, "fog")
    assert "clips of fog" in said
    for name in ("a-checkpoint-of-fog-2.1-14b", "a-lora-of-fog"):
        assert f"`hf download someone-with-a-long-name/{name}`" in said
    assert "toon" not in said
    assert ends("fog", "bog") == 2
    assert "no renderer has fog and bog in its name" in capsys.readouterr().err
    (found,) = json.loads(listed(capsys, "fog", "--json"))
    assert found["missing"].startswith(
        "it needs the checkpoints someone-with-a-long-name/a-checkpoint-of-fog-2.1-14b, "
    )


def test_what_is_half_here_is_told_by_both_and_what_was_never_fetched_is_counted(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (mine / "half").mkdir()
    (mine / "half.yaml").write_text(
        "backend: diffusers\nlicence: MIT\npipeline: WanPipeline\ncheckpoint: half\n"
        "clip: {frames: 81, fps: 16, size: [832, 480], ratio: 4}\n"
    )
    assert "has no model_index.json" in " ".join(listed(capsys).split())
    found = {finding.subject: finding for finding in renderers()}
    assert "has no model_index.json" in found["renderer half"].sentence
    findings = [finding.sentence for finding in renderers() if finding.subject == "renderers"]
    assert findings[0] == "toon is ready"
    assert "more renderers are not on this machine: `storyforge renderers NAME` tells" in findings[1]
    assert len(list(renderers())) == 3

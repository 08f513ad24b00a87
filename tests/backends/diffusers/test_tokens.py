"""Prompts in the open: how many tokens a text is to each tokenizer of a checkpoint, and what of it is cut."""

import json
import shutil
from pathlib import Path

import pytest
from tiny.base import tokenizer

from storyforge.backends import DiffusersProfile, Reader, Telling, find
from storyforge.backends.diffusers.tokens import count, counts
from storyforge.backends.models import Network
from storyforge.cli import main
from storyforge.errors import RenderError

BOARD = """\
storyforge: 1
renderer: tiny-wan
size: 96x64
fps: 24
avoid: "text"
cast: {ember: {description: "a small orange fox", wears: "a blue scarf"}}
scenes:
  - id: storm
    shots:
      - {id: one, seconds: 1, cast: [ember], action: "Ember walks and then climbs the long stairs at night"}
      - {id: two, seconds: 0.5, prompt: "a fox", options: {tiny-wan: {guidance: 2, max_sequence_length: 8}}}
      - {id: three, seconds: 0.5, cast: [ember], renderer: toon}
      - {id: five, seconds: 1, cast: [ember], beats: [{at: 0.5, cast: [{who: ember, does: "runs"}]}]}
      - {id: four, seconds: 0.5, source: teal}
"""


@pytest.mark.parametrize(
    ("text", "asked", "tokens", "limit", "cut"),
    [
        ("a fox walks", None, 4, 32, ""),
        ("a fox walks", 512, 4, 32, ""),
        ("a fox  walks, runs.", 4, 7, 4, ", runs."),
        (" ".join(["fox"] * 40), None, 41, 32, " ".join(["fox"] * 9)),
    ],
)
def test_a_text_in_tokens(text: str, asked: int | None, tokens: int, limit: int, cut: str) -> None:
    found = count("tokenizer", tokenizer(), text, asked)
    assert (found.tokens, found.limit, found.cut) == (tokens, limit, cut)


def test_what_is_kept_is_what_the_pipeline_keeps() -> None:
    made, text = tokenizer(), "a small orange fox with a blue scarf climbs"
    for most in range(1, 12):
        cut = count("tokenizer", made, text, most).cut
        kept = text.removesuffix(cut).strip()
        assert made(kept)["input_ids"] == made(text, truncation=True, max_length=most)["input_ids"]


def test_a_tokenizer_without_a_limit_cuts_nothing() -> None:
    made = tokenizer()
    made.model_max_length = int(1e30)
    assert count("tokenizer", made, "fox " * 100).limit is None
    assert count("tokenizer", made, "fox " * 100, 16).limit == 16


def test_every_tokenizer_of_a_checkpoint_counts(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "renderers", tmp_path / "renderers")
    shutil.copytree(project / "checkpoints" / "wan" / "tokenizer", tmp_path / "checkpoints" / "wan" / "tokenizer")
    shutil.copytree(project / "checkpoints" / "wan" / "tokenizer", tmp_path / "checkpoints" / "wan" / "tokenizer_2")
    profile = find("tiny-wan", tmp_path)
    assert isinstance(profile, DiffusersProfile)
    found = counts(profile, profile, "a fox walks")
    assert [(one.tokenizer, one.tokens, one.limit) for one in found] == [("tokenizer", 4, 16), ("tokenizer_2", 4, 16)]
    shutil.copytree(project / "checkpoints" / "wan" / "tokenizer", tmp_path / "checkpoints" / "wan" / "tokenizer_3")
    (tmp_path / "checkpoints" / "wan" / "tokenizer_3" / "tokenizer.json").write_text("{")
    with pytest.raises(RenderError, match=r"renderer tiny-wan: the tokenizer in .* does not load"):
        counts(profile, profile, "a fox")


def test_a_second_encoders_own_words_are_counted_by_its_tokenizer(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "renderers", tmp_path / "renderers")
    for name in ("tokenizer", "tokenizer_2"):
        shutil.copytree(project / "checkpoints" / "wan" / "tokenizer", tmp_path / "checkpoints" / "wan" / name)
    profile = find("tiny-wan", tmp_path)
    assert isinstance(profile, DiffusersProfile)
    texts = {"prompt": "a fox", "negative_prompt": "night", "prompt_2": "a grey moth"}
    told = Telling(Reader(profile, profile), "clip", 0, 9, texts, {})
    assert {name: [(one.tokenizer, one.tokens) for one in told.counts(name)] for name in texts} == {
        "prompt": [("tokenizer", 3)],
        "negative_prompt": [("tokenizer", 2), ("tokenizer_2", 2)],
        "prompt_2": [("tokenizer_2", 4)],
    }


def test_pipelines_limits_are_known_without_their_profile_saying_so(project: Path) -> None:
    profile = find("tiny-wan", project)
    assert isinstance(profile, DiffusersProfile)
    silent = profile.model_copy(update={"call": {}})
    (found,) = counts(profile, silent, "fox " * 40)
    assert found.limit == 32, "Wan allows 512, its tokenizer here fewer"


def test_prompts_are_printed_with_their_tokens(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("renderers", "checkpoints"):
        shutil.copytree(project / name, tmp_path / name)
    (tmp_path / "storyboard.yaml").write_text(BOARD)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        main(["prompts", "storyboard.yaml"])
    assert not end.value.code
    assert capsys.readouterr().out.splitlines()[:14] == [
        "one",
        "  frames 0 to 16, 16 a second, in 2 calls",
        "    prompt     a small orange fox, wearing a blue scarf, walks. day, clear. wide shot.",
        '               tokenizer: 20 of 16 tokens; cut: ". wide shot."',
        "    avoid      text",
        "               tokenizer: 2 of 16 tokens",
        "    options    max_sequence_length: 16",
        "two",
        "  frames 0 to 8, 16 a second",
        "    prompt     a fox",
        "               tokenizer: 3 of 8 tokens",
        "    avoid      text",
        "               tokenizer: 2 of 8 tokens",
        "    options    max_sequence_length: 8, guidance: 2",
    ]
    with pytest.raises(SystemExit):
        main(["prompts", "storyboard.yaml", "five"])
    said = capsys.readouterr().out.splitlines()
    assert [line for line in said if "frames" in line] == [
        "  frames 0 to 9, 16 a second",
        "  frames 9 to 16, 16 a second",
    ]
    path = tmp_path / "renderers" / "tiny-wan.yaml"
    path.write_text("".join(line for line in path.read_text().splitlines(True) if not line.startswith("longer:")))
    with pytest.raises(SystemExit):
        main(["prompts", "storyboard.yaml", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["one"][0]["tokens"]["prompt"][0]["cut"] == ". wide shot."
    assert told["one"][0]["calls"] == 2
    assert "tokens" not in told["three"][0]
    with path.open("a") as file:
        file.write("longer: extend\n")
    with pytest.raises(SystemExit):
        main(["prompts", "storyboard.yaml", "five"])
    said = capsys.readouterr().out.splitlines()
    assert [line for line in said if "frames" in line] == [
        "  frames 0 to 16, 16 a second",
        "    unheard    frames 8 to 16, where a call hears what holds longest in it:",
    ], "its loop hears one prompt"
    assert told["four"] == []


def test_a_revision_is_looked_for_and_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "models--a--moth"
    words = kept / "snapshots" / "abc" / "tokenizer"
    tokenizer().save_pretrained(words)
    (kept / "refs").mkdir()
    (kept / "refs" / "small").write_text("abc")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    profile = find("wan-2.1-t2v-1.3b")
    assert isinstance(profile, DiffusersProfile)
    for revision, needed in (("small", False), ("large", True)):
        painter = Network(pipeline="StableDiffusionPipeline", checkpoint="a/moth", revision=revision)
        reader = Reader(profile, painter)
        assert bool(reader.lacks) == needed
        assert bool(reader.counts("a fox")) != needed
        assert not needed or "`hf download a/moth --revision large --include 'tokenizer*/*'`" in reader.lacks


def test_without_the_checkpoint_it_says_what_counting_needs() -> None:
    profile = find("wan-2.1-t2v-1.3b")
    assert isinstance(profile, DiffusersProfile)
    reader = Reader(profile, profile)
    assert reader.counts("a fox") == ()
    assert reader.lacks == (
        "tokens are counted where the checkpoint Wan-AI/Wan2.1-T2V-1.3B-Diffusers is; `hf download "
        "Wan-AI/Wan2.1-T2V-1.3B-Diffusers --include 'tokenizer*/*'` fetches what that needs"
    )

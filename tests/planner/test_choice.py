"""Which planner reads the story, and what may be read as one."""

from pathlib import Path

import pytest

from storyforge.errors import InputError
from storyforge.planner import choose, language_of, plan, read_story


def test_a_key_alone_spends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    said: list[str] = []
    plan("A fox sat in the forest.", tell=said.append)
    assert said == ["The offline planner reads the story: by rules, with no language model."]


def test_the_environment_and_the_config_name_one(
    monkeypatch: pytest.MonkeyPatch, own_home: Path, tmp_path: Path
) -> None:
    answers = tmp_path / "a.json"
    answers.write_text("[]", "utf-8")
    config = own_home / "config" / "storyforge" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'planner = "scripted:{answers}"\n', "utf-8")
    assert str(config) in choose("auto").sentence
    assert choose("auto").name == f"scripted:{answers}"
    monkeypatch.setenv("STORYFORGE_PLANNER", "offline")
    assert choose("auto").complete is None
    monkeypatch.delenv("STORYFORGE_PLANNER")
    config.write_text("planner = \n", "utf-8")
    with pytest.raises(InputError, match="is not TOML"):
        choose("auto")
    config.write_text("planner = 3\n", "utf-8")
    with pytest.raises(InputError, match="quotation marks"):
        choose("auto")


@pytest.mark.parametrize(
    "name", ["openia:gpt", "openai:", "langchain:openai", "scripted:", "scripted:/no/such.json", "gpt-9"]
)
def test_unknown_planners_are_one_sentence(name: str) -> None:
    with pytest.raises(InputError):
        choose(name)


def test_stories_are_read_from_files_and_sentences(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffDer Bär schläft.".encode())
    assert read_story(path) == "Der Bär schläft."
    assert read_story("A fox sat.") == "A fox sat."
    path.write_bytes("caf\xe9 au lait".encode("cp1252"))
    assert read_story(path) == "café au lait"
    path.write_bytes("The fox sat.".encode("utf-16"))
    assert read_story(path).strip("\ufeff") == "The fox sat."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is not text"),
        (bytes(range(256)) * 20, "is not text"),
        (b"The fox sat. " * 800_000, "10.4 MB"),
    ],
)
def test_what_is_no_story_is_one_sentence(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=says) as caught:
        read_story(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file"):
        read_story("no-such-story.txt")
    with pytest.raises(InputError, match="is a folder"):
        read_story(tmp_path)
    with pytest.raises(InputError, match="empty"):
        plan("  \n ", tell=lambda s: None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The fox walked into the forest and sat down by the lake.", "en"),
        ("Le renard est dans la forêt avec une lanterne pour les bateaux.", "fr"),
        ("Der Fuchs ging in den Wald und fand eine Laterne. Die Nacht war dunkel.", "de"),
        ("El zorro vivía en el faro y por la noche encendía una lámpara para los barcos.", "es"),
        ("Лиса вошла в тёмный лес.", "ru"),
        ("狐は森へ行った。", "ja"),
        ("Flibber snork", "en"),
    ],
)
def test_languages(text: str, code: str) -> None:
    assert language_of(text) == code

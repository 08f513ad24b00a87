"""Options that several verbs share, and the story a user names."""

import re
import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from storyforge.errors import InputError

MOST_STORY_BYTES = 10_000_000
STORIES = (".txt", ".md", ".markdown", ".text", ".fountain")
OTHERS = (".pdf", ".doc", ".docx", ".odt", ".rtf", ".html", ".epub", ".fdx")  # not text, but surely files
BOARDS = (".yaml", ".yml")
STAGES = {"cast": "cast", "panels": "panels", "level": "motion", "draw": "drawing", "sound": "sound", "film": "film"}


class Captions(StrEnum):
    """Where captions go."""

    burn = "burn"
    soft = "soft"
    off = "off"


class Stage(StrEnum):
    """Where to stop."""

    cast = "cast"
    panels = "panels"


Story = Annotated[str, typer.Argument(metavar="STORY", help="A text file, - for what is piped in, or a sentence.")]
Board = Annotated[Path, typer.Argument(metavar="BOARD", help="A storyboard (YAML), or the folder that holds one.")]
Planner = Annotated[
    str,
    typer.Option(help="auto, offline, openai:MODEL or langchain:PROVIDER:MODEL; auto is offline unless one is set."),
]
Length = Annotated[str | None, typer.Option(help="How long the film should be: 90, 90s, 2m, 1m30s or 1:30.")]
Shots = Annotated[int | None, typer.Option(min=1, help="How many shots it should have.")]
Size = Annotated[str | None, typer.Option(help="16:9, 9:16, 2.39:1 or 1280x720.")]
Style = Annotated[str | None, typer.Option(help="The look of the picture in words.")]
Title = Annotated[str | None, typer.Option(help="The film's title.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="The folder of the film (one of the story's name here).")]
Folder = Annotated[Path | None, typer.Option("--out", "-o", help="The folder of the film.")]
CaptionsOption = Annotated[Captions, typer.Option(help="Draw captions in, add them as a track, or leave them out.")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="Processes that draw; 1 draws in the main one.")]
Silent = Annotated[bool, typer.Option("--silent", help="Make the film without sound.")]
Replan = Annotated[
    bool, typer.Option("--replan", help="Take a new plan even where the storyboard was edited; the old one is kept.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")]


def counted(number: int, noun: str) -> str:
    """1 shot, 2 shots."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def wishes(
    length: str | None, shots: int | None, size: str | None, style: str | None, title: str | None
) -> dict[str, object]:
    """What the user asks of the plan, without what they did not say."""
    said = {"length": seconds(length), "shots": shots, "size": size, "style": style, "title": title}
    return {name: value for name, value in said.items() if value is not None}


def seconds(length: str | None, option: str = "--length") -> float | None:
    """90, 90s, 90 seconds, 1.5m, 2 minutes, 1m30s or 1:30 in seconds."""
    if length is None:
        return None
    clock = re.fullmatch(r"\s*(\d+):([0-5]\d(?:\.\d+)?)\s*", length)
    minutes = r"(?:(\d+(?:\.\d+)?)\s*m(?:in(?:ute)?s?)?)?"
    match = clock or re.fullmatch(rf"\s*{minutes}\s*(?:(\d+(?:\.\d+)?)\s*(?:s(?:ec(?:ond)?s?)?)?)?\s*", length.lower())
    total = 60 * float(match[1] or 0) + float(match[2] or 0) if match else 0.0
    if not 0 < total <= 24 * 3600:
        raise InputError(f"{option} {length!r} is not a length; write 90, 90s, 2m, 1m30s or 1:30")
    return total


def story_text(story: str) -> tuple[str, str]:
    """A story's text, and the name its folder gets."""
    from storyforge.planner import read_story

    if story == "-":
        return read_story(_piped()), "story"
    if not story.strip():
        raise InputError("the story is empty; write at least one sentence, or name a file")
    path = Path(story)
    if not names_a_file(story) and not (len(story) < 4096 and _exists(path)):
        return read_story(story), _slug(" ".join(story.split()[:6]))
    if path.suffix.lower() in BOARDS:
        raise InputError(f"{story} is a storyboard and no story; storyforge render {story} makes its film")
    return read_story(path), _slug(path.stem)


def shown(story: str) -> str:
    """A story as an argument to show in a command: a file by its name, another one as STORY."""
    return shlex.quote(story) if len(story) < 256 and _exists(Path(story)) else "STORY"


def names_a_file(story: str) -> bool:
    """Whether a story that is no file looks like the name of one: a suffix, a path, or a word that ends no sentence."""
    if "\n" in story or len(story) >= 256:
        return False
    if re.fullmatch(r".*\.[A-Za-z]\w{0,8}", story) and Path(story).suffix.lower() in (*STORIES, *OTHERS, *BOARDS):
        return True
    if re.search(r"[.!?…。！？\"”’»」』]$", story.strip()):
        return False
    return not re.search(r"\s", story) or bool(re.match(r"(?:\.{0,2}|~|[A-Za-z]:|[\w.-]+)[/\\]", story))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name too long to be a file's
        return False


def _piped() -> str:
    data = sys.stdin.buffer.read(MOST_STORY_BYTES + 1)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("what was piped in is not text (UTF-8); pipe a story's text") from error


def _slug(name: str) -> str:
    """A folder's name: letters, digits and dashes."""
    return re.sub(r"[^\w.-]+", "-", name.strip()).strip("-.").lower()[:60] or "story"

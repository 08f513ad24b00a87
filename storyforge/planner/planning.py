"""`plan`: which planner reads a story, and the storyboard it makes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from storyforge.errors import InputError
from storyforge.planner import lengths
from storyforge.planner import story as stories
from storyforge.planner.choice import Choice, Complete, choose
from storyforge.planner.offline import plan_offline
from storyforge.storyboard import Storyboard


def plan(
    story: str,
    *,
    planner: str | Complete = "auto",
    length: float | None = None,
    shots: int | None = None,
    size: str | None = None,
    style: str | None = None,
    title: str | None = None,
    folder: Path | None = None,
    tell: Callable[[str], None] = lambda sentence: None,
) -> Storyboard:
    """The storyboard of a story: by rules (offline), or by a language model, whose steps are kept in `folder`."""
    _check(story, length, shots)
    chosen = choose(planner)
    tell(chosen.sentence)
    wished = {"length": length, "shots": shots, "size": size, "style": style, "title": title}
    board = _planned(story, chosen, wished, folder, tell)
    why = lengths.unmet(board, length) if length is not None else ""
    if why:
        tell(why)
    return board


def _planned(
    story: str, chosen: Choice, wished: dict[str, Any], folder: Path | None, tell: Callable[[str], None]
) -> Storyboard:
    language = stories.language_of(story)
    if chosen.complete is None:
        if language != "en":
            name = stories.NAMES[language]
            tell(
                f"The story is in {name}, and the offline planner reads English: "
                f"a language model reads {name} well, such as --planner openai:MODEL."
            )
        return plan_offline(story, **wished, language=language, tell=tell)
    from storyforge.planner.steps import Wishes, plan_with  # jinja2 and the drivers are not needed offline

    return plan_with(chosen.complete, story, Wishes(**wished, language=language), chosen.name, folder, tell)


def _check(story: str, length: float | None, shots: int | None) -> None:
    if not story.strip():
        raise InputError("The story is empty: write at least one sentence.")
    if length is not None and not 1 <= length <= 7200:
        raise InputError(f"--length {length:g} s cannot be a film's length: give 1 s to 2 h, such as 90 or 2m.")
    if shots is not None and not 1 <= shots <= 2000:
        raise InputError(f"--shots {shots} cannot be kept: give 1 to 2000.")

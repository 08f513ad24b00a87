"""Shapes that enter keys of films: a field more in one of them would make every film of every user anew."""

import sqlite3
from pathlib import Path

from storyforge.backends import EntityPrompt, Framing, Part, Prompt, TimedPrompt
from storyforge.cas import digest
from storyforge.production import Project


def test_what_a_film_is_addressed_by_is_what_it_was() -> None:
    assert digest(Part("a", 0, 17, 1, 0)) == "b1f73f6d45ff272073d7e9cd96f1feac399b21aea756d05adff73eae8b686375"
    prompt = Prompt("a fox", "night", (EntityPrompt("ember", "character", "a fox"),), "text", Framing("s", "wide"))
    assert digest(TimedPrompt(0, 17, prompt, 4)) == "0a315cb256d41d5f803bb9b5859549fcc5ac1cfdb1063e71bc35679dded76c27"


def test_what_was_asked_for_and_its_first_keys_are_what_they_were(tmp_path: Path, project: Project) -> None:
    """Of every sheet, panel and shot the wish, and the keys of those that are made of nothing else."""
    journal = sqlite3.connect(tmp_path / ".storyforge" / "journal.sqlite")
    wishes = sorted(map(list, journal.execute("select kind, name, wish from results")))
    keys = sorted(map(list, journal.execute("select kind, name, key from attempts where kind in ('cast', 'panels')")))
    journal.close()
    assert (len(wishes), len(keys)) == (14, 10)
    assert digest(wishes) == "60cc84778ddf33285f8b90753654ebc72c539043dadb0f796296490ed156d354"
    assert digest(keys) == "42d10b6af5166a00885e0161ae5e90836b168699322283dd1cea86e87de9e9ca"

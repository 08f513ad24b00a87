"""Shapes that enter keys of films: a field more in one of them would make every film of every user anew."""

from storyforge.backends import EntityPrompt, Framing, Part, Prompt, TimedPrompt
from storyforge.cas import digest


def test_what_a_film_is_addressed_by_is_what_it_was() -> None:
    assert digest(Part("a", 0, 17, 1, 0)) == "b1f73f6d45ff272073d7e9cd96f1feac399b21aea756d05adff73eae8b686375"
    prompt = Prompt("a fox", "night", (EntityPrompt("ember", "character", "a fox"),), "text", Framing("s", "wide"))
    assert digest(TimedPrompt(0, 17, prompt, 4)) == "0a315cb256d41d5f803bb9b5859549fcc5ac1cfdb1063e71bc35679dded76c27"

"""What is said of somebody is cast as far as toon can draw it; the rest must not make an animal of a man."""

import pytest

from storyforge.backends import CastRequest
from storyforge.backends.toon.backend import Toon
from storyforge.backends.toon.drawable import drawable
from storyforge.backends.toon.readback import traits_facts

EXTRAS = (
    "a white beard", "a long grey beard", "whiskers", "wrinkles", "a walking stick", "boots", "a big nose",
    "rosy cheeks", "curly hair", "a moth-eaten coat", "a cheerful smile", "a fishing rod", "muddy boots",
    "green scales", "a red scarf", "glasses and a parrot",
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("an old man with a white beard.", "an old man with white hair."),
        ("an old man with a beard.", "an old man."),
        ("a girl with long red hair, wearing muddy boots.", "a girl with long red hair."),
        ("a man with a big nose and a black coat, wearing a nightcap.", "a man with a black coat, wearing a nightcap."),
        ("a small orange fox, wearing a blue scarf.", "a small orange fox, wearing a blue scarf."),
        ("a fox called Wren who keeps the moon.", "a fox called Wren who keeps the moon."),
        ("a cat with stripes with a torn ear.", "a cat with stripes with a torn ear."),
    ],
)
def test_a_description_is_told_as_far_as_it_can_be_drawn(said: str, told: str) -> None:
    assert drawable(said) == told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("who", "kinds"), [("an old man", {"man"}), ("a young woman", {"woman", "girl"}), ("a fox", {"fox"})]
)
def test_whoever_has_something_stays_who_they_are(who: str, kinds: set[str]) -> None:
    texts = [f"{who} with {extra}." for extra in EXTRAS] + [f"{who}, wearing {extra}." for extra in EXTRAS]
    sheets = Toon().cast([CastRequest("x", "character", text, 7, body=text) for text in texts])
    found = [traits_facts(sheet.arrays["traits"], "character")["kind"] for sheet in sheets]
    assert not {text: kind for text, kind in zip(texts, found, strict=True) if kind not in kinds}

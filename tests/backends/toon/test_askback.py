"""Sheets say what the words say, as far as toon has words for it: what `storyforge check` promises is cast."""

from itertools import product

import numpy as np
import pytest

from storyforge.backends import CastRequest
from storyforge.backends.toon import Toon, askback
from storyforge.backends.toon.promised import promised
from storyforge.backends.toon.readback import traits_facts
from storyforge.backends.toon.rig import CHARACTER_TRAITS
from storyforge.backends.toon.vocabulary import COLOURS, SPREAD

Facts = dict[str, str]
ODD = (
    "two police officers.", "drivers.", "a man, a mayor.", "a man, a teacher.", "a giant.", "a lighthouse-keeper.",
    "a girl with long red hair.", "a boy dressed as a bear.",
)  # fmt: skip


@pytest.fixture(scope="module")
def toon() -> Toon:
    return Toon()


@pytest.mark.parametrize(
    ("said", "facts", "plain"),
    [
        ("two police officers.", {"kind": "woman"}, "a woman."),
        ("a man, a mayor.", {"kind": "man"}, "a man."),
        ("a tall old keeper with a red scarf and boots.", {"kind": "man"}, "a tall old man."),
        (
            "an orange vixen, wearing a golden hat.",
            {"kind": "fox", "coat": "orange", "wears": "hat", "wear_colour": "yellow"},
            "an orange fox, wearing a yellow hat.",
        ),
        ("a girl with long red hair.", {"kind": "girl", "hair": "red"}, "a girl with red hair."),
        ("a black and white cat.", {"kind": "cat"}, "a black white cat."),
        ("a striped cat.", {"kind": "cat", "marking": "stripes"}, "a striped cat."),
        ("a boy dressed as a bear.", {"kind": "boy"}, "a boy."),
        ("a fox, wearing a red hat and a blue scarf.", {"kind": "fox"}, "a fox."),
        ("Moth, the little cat.", {"kind": "cat"}, "a little cat."),
        ("a bear baker.", {}, "a bear baker."),
        ("a bear hunter.", {"kind": "man"}, "a man."),
        ("Wolf, the old king.", {}, "the old king."),
        ("a girl and her dog.", {"kind": "girl"}, "a girl."),
        ("a dog without a collar.", {"kind": "dog"}, "a dog."),
        ("something with the head of a bear.", {}, "something with the head of a bear."),
        ("a dark brown bear.", {"kind": "bear", "coat": "brown"}, "a dark brown bear."),
        (
            "a girl, wearing a pale blue dress.",
            {"kind": "girl", "wears": "dress", "wear_colour": "blue"},
            "a girl, wearing a blue dress.",
        ),
        ("a boy, wearing glasses.", {"kind": "boy", "wears": "glasses"}, "a boy, wearing glasses."),
        ("a grey cub.", {}, "a grey cub."),
        ("forty sheep.", {"kind": "dog"}, "a dog."),
        ("?!", {}, "?!"),
        ("the North Wind.", {}, "the North Wind."),
    ],
)
def test_what_words_promise_and_how_it_is_asked_for_again(said: str, facts: Facts, plain: str) -> None:
    asked = promised(said, "character")
    assert (asked.facts, asked.text) == (facts, plain)


def test_props_and_places_promise_too() -> None:
    assert promised("a red umbrella.", "prop").facts == {"prop": "umbrella", "colour": "red"}
    assert promised("a white lighthouse on a cliff.", "place").facts == {"place": "lighthouse"}
    assert promised("a key to the chest.", "prop").facts == {"prop": "key"}
    assert promised("an orange potion.", "prop").facts == {}
    assert promised("two boxes.", "prop").facts == {"prop": "basket"}
    assert promised("a cave beneath the castle.", "place").facts == {"place": "cave"}


@pytest.mark.slow
def test_whoever_is_promised_is_cast(toon: Toon) -> None:
    worn = product(("an old woman", "a brown bear", "a boy"), COLOURS, ("coat", "hat"))
    texts = [(text, text) for text in ODD] + [(f"{who}.", f"{who}, wearing a {c} {w}.") for who, c, w in worn]
    made = toon.cast([CastRequest(f"x{n}", "character", text, n, body=body) for n, (body, text) in enumerate(texts)])
    wrong = []
    for (_, text), sheet in zip(texts, made, strict=True):
        found = traits_facts(sheet.arrays["traits"], "character")
        wrong += [(text, name, said) for name, said in promised(text, "character").facts.items() if found[name] != said]
    assert not wrong


@pytest.mark.slow
def test_a_colour_that_is_told_is_one_of_its_paints(toon: Toon) -> None:
    asked = CastRequest("marta", "character", "an old woman, wearing a grey coat.", 0, body="an old woman.")
    (sheet,) = toon.cast([asked])
    painted = sheet.arrays["traits"][CHARACTER_TRAITS.at["wear_colour"]]
    assert (np.abs(painted - np.array(COLOURS["grey"], np.float32)) <= SPREAD + 1e-6).all()


@pytest.mark.slow
def test_words_are_asked_again_only_where_they_were_misread(toon: Toon, monkeypatch: pytest.MonkeyPatch) -> None:
    requests = [CastRequest(f"x{n}", "character", text, n, body=text) for n, text in enumerate((*ODD, "a fox."))]
    heeded = toon.cast(requests)
    monkeypatch.setattr(askback, "TRIES", 0)
    as_read = toon.cast(requests)
    misread = []
    for request, sheet in zip(requests, as_read, strict=True):
        found = traits_facts(sheet.arrays["traits"], "character")
        misread.append(any(found[name] != said for name, said in promised(request.text, "character").facts.items()))
    same = [np.array_equal(a.arrays["traits"], b.arrays["traits"]) for a, b in zip(heeded, as_read, strict=True)]
    assert same == [not one for one in misread]
    assert 1 < sum(misread) < len(requests)

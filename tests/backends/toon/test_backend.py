"""toon as a backend, with the shipped weights: exact pins, addressed noise, sheets that share a body."""

from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import save

from storyforge.backends import (
    PANELS,
    Acting,
    CastRequest,
    EntityPrompt,
    Heard,
    Latents,
    LevelRequest,
    Part,
    Prompt,
    Sheet,
    TimedPrompt,
)
from storyforge.backends.toon import Toon, drawing, readback, rig
from storyforge.errors import RenderError

pytestmark = pytest.mark.slow

FOX = "a small orange fox"


@pytest.fixture(scope="module")
def toon() -> Toon:
    return Toon()


@pytest.fixture(scope="module")
def sheets(toon: Toon) -> dict[str, Sheet]:
    asked = [
        CastRequest("ember", "character", f"{FOX}, wearing a blue scarf.", 7, body=f"{FOX}."),
        CastRequest("ember@rain", "character", f"{FOX}, wearing a yellow coat.", 7, body=f"{FOX}."),
        CastRequest("bear", "character", "an old brown bear.", 8, body="an old brown bear."),
        CastRequest("lantern", "prop", "a red lantern", 7),
        CastRequest("forest", "place", "a dark forest", 7),
    ]
    return {sheet.key: sheet for sheet in toon.cast(asked)}


def prompt(does: str = "walks through the forest", other: str = "waves", when: str = "night") -> Prompt:
    scene = f"a dark forest. {when}, clear. wide shot."
    entities = (
        EntityPrompt("ember", "character", f"{FOX}, wearing a blue scarf. {does}."),
        EntityPrompt("bear", "character", f"an old brown bear. {other}." if other else ""),
        EntityPrompt("lantern", "prop", "a red lantern. held by the first character."),
        EntityPrompt("forest", "place", "a dark forest"),
    )
    return Prompt(scene, scene, entities)


def keys(sheets: dict[str, Sheet], frames: int = 97, shot: str = "a", **more: object) -> LevelRequest:
    told = {"id": shot, "frames": frames, "stride": 16, "parts": (Part(shot, 0, frames, 7),), "sheets": sheets}
    told |= {"prompts": (TimedPrompt(0, frames, prompt()),), "lengths": (frames,)}
    return LevelRequest(**told | more)  # type: ignore[arg-type]


def infill(request: LevelRequest, coarse: Latents) -> LevelRequest:
    return replace(request, stride=1, pins={16 * i: row for i, row in enumerate(coarse.arrays["x"])})


def test_sheets_are_what_their_texts_say(sheets: dict[str, Sheet]) -> None:
    ember = readback.traits_facts(np.asarray(sheets["ember"].arrays["traits"]), "character")
    assert (ember["kind"], ember["coat"], ember["wears"], ember["wear_colour"]) == ("fox", "orange", "scarf", "blue")
    assert readback.traits_facts(np.asarray(sheets["lantern"].arrays["traits"]), "prop")["prop"] == "lantern"
    assert readback.traits_facts(np.asarray(sheets["forest"].arrays["traits"]), "place")["place"] == "forest"
    assert sheets["ember"].pictures[0].dtype == np.uint8


def test_a_look_changes_clothes_and_nothing_else(sheets: dict[str, Sheet]) -> None:
    one, rain = (np.asarray(sheets[key].arrays["traits"]) for key in ("ember", "ember@rain"))
    clothes = np.zeros(len(one), bool)
    for name in ("wears", "wear_colour"):
        clothes[rig.CHARACTER_TRAITS.at[name]] = True
    assert np.array_equal(one[~clothes], rain[~clothes])
    assert not np.array_equal(one[clothes], rain[clothes])


def test_pins_come_out_bit_for_bit_and_frames_are_counted(toon: Toon, sheets: dict[str, Sheet]) -> None:
    request = keys(sheets)
    coarse = toon.render([request])[0]
    fine = toon.render([infill(request, coarse)])[0]
    assert coarse.arrays["x"].shape == (7, rig.CHANNELS)
    assert fine.arrays["x"].shape == (97, rig.CHANNELS)
    assert np.array_equal(fine.arrays["x"][::16], coarse.arrays["x"])


def test_the_film_does_not_depend_on_company_order_or_batch(toon: Toon, sheets: dict[str, Sheet]) -> None:
    one, other = keys(sheets), keys(sheets, 65, "b", prompts=(TimedPrompt(0, 65, prompt("runs")),))
    alone = toon.render([one])[0].arrays["x"]
    together = toon.render([other, one])[1].arrays["x"]
    single = Toon(batch=1).render([one])[0].arrays["x"]
    assert np.abs(alone - together).max() <= 1e-4
    assert np.abs(alone - single).max() <= 1e-4
    assert np.array_equal(alone, toon.render([one])[0].arrays["x"])


def test_takes_and_seeds_are_other_films(toon: Toon, sheets: dict[str, Sheet]) -> None:
    one = toon.render([keys(sheets)])[0].arrays["x"]
    other = toon.render([keys(sheets, parts=(Part("a", 0, 97, 7, take=1),))])[0].arrays["x"]
    assert np.abs(one - other).max() > 0.01


def test_nobody_is_in_an_empty_slot_and_the_text_is_obeyed(toon: Toon, sheets: dict[str, Sheet]) -> None:
    alone = TimedPrompt(0, 97, prompt("sleeps under a tree", ""))
    rows = toon.render([keys(sheets, prompts=(alone,))])[0].arrays["x"]
    _, characters, held = rig.slots(np.asarray(rows))
    assert (characters[1][:, 0] == 0).all()
    assert (characters[0][:, 0] == 1).all()
    assert (held[:, 0] == 1).all()
    assert readback.character_facts(np.asarray(rows)[3], 1)["action"] == "sleep"
    assert readback.scene_facts(np.asarray(rows))["time"] == "night"


def test_panels_keep_those_that_are_pinned(toon: Toon, sheets: dict[str, Sheet]) -> None:
    prompts = tuple(TimedPrompt(i, i + 1, prompt(d)) for i, d in enumerate(("walks", "sits", "dances")))
    parts = tuple(Part(f"s{i}", i, i + 1, 7) for i in range(3))
    request = keys(sheets, 3, stride=PANELS, prompts=prompts, parts=parts, moments=(48,) * 3, lengths=(97,) * 3)
    first = toon.render([request])[0].arrays["x"]
    changed = replace(
        request, prompts=(*prompts[:2], TimedPrompt(2, 3, prompt("sleeps"))), pins={0: first[0], 1: first[1]}
    )
    again = toon.render([changed])[0].arrays["x"]
    assert np.array_equal(first[:2], again[:2])
    assert not np.array_equal(first[2], again[2])


def test_frames_are_drawn_from_latents_alone(toon: Toon, sheets: dict[str, Sheet]) -> None:
    request = keys(sheets, 33)
    fine = toon.render([infill(request, toon.render([request])[0])])[0]
    frames = list(toon.decode(fine, (320, 180), 4, 8))
    assert len(frames) == 4
    assert all(frame.shape == (180, 320, 3) and frame.dtype == np.uint8 for frame in frames)
    assert all(np.array_equal(a, b) for a, b in zip(frames, Toon().decode(fine, (320, 180), 4, 8), strict=True))
    assert not np.array_equal(frames[0], frames[3])


def test_the_latents_know_whose_slots_they_are_so_that_lines_can_be_acted(toon: Toon, sheets: dict[str, Sheet]) -> None:
    request = keys(sheets, 33)
    fine = toon.render([infill(request, toon.render([request])[0])])[0]
    assert drawing.notes(fine) == {"slots": ["ember", "bear"], "twos": False, "over": []}
    acting = Acting((Heard("bear", 2, 30, (0.9,) * 28),))
    silent, said = (next(toon.decode(fine, (320, 180), 12, 13, told)) for told in (None, acting))
    assert not np.array_equal(silent, said)
    assert toon.noises(fine, 0, 33, acting) == toon.noises(fine, 0, 33, acting)
    older = replace(fine, arrays={name: one for name, one in fine.arrays.items() if name != "notes"})
    assert np.array_equal(next(toon.decode(older, (320, 180), 12, 13, acting)), silent)


def test_twos_come_from_the_board_or_the_profile(toon: Toon, sheets: dict[str, Sheet]) -> None:
    request = keys(sheets, 33, options={"twos": True})
    on, off = (toon.render([one])[0] for one in (request, keys(sheets, 33)))
    assert drawing.notes(on)["twos"] is True
    assert save(dict(on.arrays)) != save(dict(off.arrays)), "a shot is known by the digest of its arrays"
    assert Toon(twos=True).fingerprint != toon.fingerprint
    with pytest.raises(RenderError, match="twos is 'maybe'; write true"):
        toon.render([keys(sheets, 33, options={"twos": "maybe"})])
    with pytest.raises(RenderError, match="it has no 'two'; write"):
        toon.render([keys(sheets, 33, options={"two": True})])

"""What is told beforehand is what windows hear: no words that none of them does, and borders where pictures change."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from storyforge.backends import LevelRequest, Part, Prompt, Telling, TimedPrompt
from storyforge.backends.diffusers import cutting, texts, words
from storyforge.backends.models import DiffusersProfile
from storyforge.production.told import Told

SHIPPED = Path(__file__).parents[3] / "renderers"
SMALL_CLIP = {"frames": 9, "fps": 8, "size": [48, 32], "ratio": 4}
SMALL = {
    "backend": "diffusers",
    "name": "small",
    "licence": "none",
    "pipeline": "WanPipeline",
    "checkpoint": "none",
    "clip": SMALL_CLIP,
    "longer": "windows",
    "windows": {"overlap": 4},
    "infill": "held",
    "keyframes": "self",
    "levels": [8, 1],
}


def shipped(name: str, **more: str) -> DiffusersProfile:
    data = YAML(typ="safe", pure=True).load((SHIPPED / f"{name}.yaml").read_text())
    return DiffusersProfile.model_validate(data | {"name": name} | more)


def level(frames: int, stride: int, *said: tuple[int, str]) -> LevelRequest:
    """One shot; said: from a frame on, the words."""
    stops = [*(start for start, _ in said[1:]), frames]
    timed = tuple(TimedPrompt(a, b, Prompt(text, "")) for (a, text), b in zip(said, stops, strict=True))
    return LevelRequest("one/1", frames, stride, (Part("one", 0, frames, 7),), timed)


def told(profile: DiffusersProfile, request: LevelRequest, *known: int) -> list[tuple[str, int, int, str]]:
    made: list[Telling] = [*words.tellings(profile, request, known)]
    return [(one.what, one.start, one.stop, one.texts["prompt"]) for one in made]


def test_a_beat_that_no_window_hears_is_not_told_and_is_named() -> None:
    profile = shipped("wan-2.1-t2v-1.3b")
    request = level(161, 1, (0, "walks"), (64, "waves"), (88, "sleeps"))
    # Windows write rows 0 to 20, 15 to 34 and 21 to 40: of row 18 on the second says more than the first.
    assert told(profile, request) == [("windows", 0, 69, "walks"), ("windows", 69, 161, "sleeps")]
    known = Told("wan", prompts=request.prompts, calls=tuple(words.tellings(profile, request, ())))
    assert [one.prompt.text for one in known.unheard] == ["waves"]


@given(
    steps=st.integers(1, 60),
    overlap=st.integers(1, 11),
    lead=st.integers(0, 2),
    said=st.lists(st.tuples(st.integers(1, 240), st.sampled_from("abc")), max_size=8, unique_by=lambda one: one[0]),
)
def test_what_is_told_is_what_windows_hear(steps: int, overlap: int, lead: int, said: list[tuple[int, str]]) -> None:
    """By the rule of the denoiser's own hook, and over every frame."""
    clip = SMALL_CLIP | {"frames": 29}
    profile = DiffusersProfile.model_validate(SMALL | {"clip": clip, "windows": {"overlap": overlap, "lead": lead}})
    frames = 29 + 4 * steps
    request = level(frames, 1, (0, "a"), *sorted(one for one in said if one[0] < frames))
    (ask,) = words.asks(profile, request, ())
    known = {text: texts.Text({}, (at,)) for at, text in enumerate("abc")}
    known.pop(ask.segment.prompt.text)
    prompts = [
        texts.Prompt(start, stop, known.get(timed.prompt.text))
        for start, stop, timed in words.row_prompts(profile, ask.segment)
    ]
    layout = cutting.windows(8 + steps, 8, max(1, -(-overlap // 4)), lead, 1)
    names = {id(one): name for name, one in known.items()} | {id(None): ask.segment.prompt.text}
    made = told(profile, request)
    assert {text for *_, text in made} == {names[id(texts.of(prompts, window.written))] for window in layout}
    assert {frame for _, start, stop, _ in made for frame in range(start, stop)} == {*range(frames)}


def test_words_of_the_call_that_no_window_hears_are_not_told() -> None:
    """They hold for longer than any others do, and have one latent row."""
    profile = DiffusersProfile.model_validate(SMALL)
    request = level(17, 1, (0, "fox"), (5, "bat"), (12, "moth"))
    assert words.asks(profile, request, ())[0].segment.prompt.text == "bat"
    assert told(profile, request) == [("windows", 0, 9, "fox"), ("windows", 9, 17, "moth")]


def test_keyframes_in_windows_are_told_over_their_own_frames() -> None:
    profile = DiffusersProfile.model_validate(SMALL)
    request = level(121, 8, (0, "fox"), (80, "moth"))
    # 16 keyframes are 5 latent rows, of which the first three are keyframes 0 to 8.
    assert told(profile, request) == [("windows", 0, 65, "fox"), ("windows", 72, 121, "moth")]


BEGUN = SMALL | {"infill": "first", "keeps": "latents", "clip": SMALL_CLIP | {"frames": 13}}


def test_windows_that_begin_at_pictures_are_told_where_each_says_most() -> None:
    profile = DiffusersProfile.model_validate(BEGUN)
    request = level(25, 1, (0, "fox"), (14, "bat"), (15, "moth"))
    # Windows write rows 1 to 3, 3 to 5 and 5 to 6, from frames 1, 9 and 17 on; the second has one row of the fox.
    assert told(profile, request, 0, 8, 16) == [("windows", 0, 9, "fox"), ("windows", 9, 25, "moth")]


def test_windows_between_pictures_are_told_where_each_says_most() -> None:
    clip = SMALL_CLIP | {"frames": 17}
    profile = DiffusersProfile.model_validate(BEGUN | {"infill": "first_last", "clip": clip, "windows": {"overlap": 8}})
    request = level(25, 1, (0, "fox"), (13, "moth"))
    # The window that ends at the picture of frame 16 hears the fox, and says most just before it.
    assert told(profile, request, 0, 8, 16, 24) == [("windows", 0, 17, "fox"), ("windows", 17, 25, "moth")]


def test_a_row_that_two_clips_share_is_told_with_the_first() -> None:
    profile = DiffusersProfile.model_validate(BEGUN)
    request = level(41, 1, (0, "fox"))
    first, second = words.asks(profile, request, (0, 8, 24, 32))
    assert (first.segment.stop, second.segment.start) == (21, 20)
    assert told(profile, request, 0, 8, 24, 32) == [("windows", 0, 21, "fox"), ("windows", 21, 41, "fox")]


def test_windows_of_rows_in_pairs_are_told_as_the_checkpoint_has_them(tmp_path: Path) -> None:
    (tmp_path / "transformer").mkdir()
    config = tmp_path / "transformer" / "config.json"
    profile = shipped("cogvideox-1.5-5b", checkpoint=str(tmp_path))
    request = level(241, 1, (0, "fox"), (140, "moth"))
    borders = []
    for pairs in ({"patch_size_t": 2}, {}):
        config.write_text(json.dumps({"_class_name": "CogVideoXTransformer3DModel", **pairs}))
        borders.append([stop for _, _, stop, _ in told(profile, request)])
    # The moth comes at row 35: the first window that hears it writes rows 26 to 45 after 14 to 33, in pairs, else 35 to
    # 53 after 24 to 42.
    assert borders == [[117, 241], [153, 241]]

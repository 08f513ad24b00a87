"""The sound of pipelines that make it: cut as pictures are, joined without a click, kept with its level, in films."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import tiny
import torch

import storyforge
from storyforge import backends
from storyforge.backends import Audio, Latents, LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.diffusers import Diffusers, calls, sounds
from storyforge.backends.diffusers.sounds import FADE, FULL, Piece
from storyforge.backends.models import DiffusersProfile
from storyforge.cas import Journal, Key, Store
from storyforge.errors import InputError, RenderError
from storyforge.film.sound import RATE, Recording
from storyforge.film.sound.resample import resampled

TOLD, FPS = 24_000, 24.0  # samples a second as LTX-2's vocoder has them: a thousand to a frame


def tone(seconds: float, hertz: float = 500.0, level: float = 0.5) -> np.ndarray:
    wave = level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * TOLD)) / TOLD)
    return np.repeat(wave[:, None], 2, 1).astype(np.float32)


def test_one_call_is_cut_at_its_last_frame_and_otherwise_as_it_was() -> None:
    made = sounds.joined([Piece(0, 9, tone(1))], TOLD, FPS)
    assert (made.shape, made.dtype) == ((9000, 2), np.int16)
    assert np.array_equal(made, np.round(tone(1)[:9000] * FULL).astype(np.int16))


def test_a_call_that_shares_a_frame_takes_over_within_it_at_the_same_power() -> None:
    """LTX-2's sound ends some 30 ms before its pictures: what is there of both is what may cross."""
    generator = np.random.default_rng(0)
    one, other = (generator.standard_normal((count, 2)).astype(np.float32) * 0.1 for count in (16_300, 16_300))
    made = sounds.joined([Piece(0, 17, one), Piece(16, 33, other)], TOLD, FPS) / FULL
    assert len(made) == 33_000
    fade, end = round(FADE * TOLD), 16_300
    assert np.allclose(made[: end - fade], one[: end - fade], atol=1e-4)
    assert np.allclose(made[end : 32_300 - fade], other[end - 16_000 : 16_300 - fade], atol=1e-4)
    crossing = made[end - fade : end]
    assert np.square(crossing).mean() == pytest.approx(0.01, rel=0.25), "unlike sounds add up by their power"
    early = crossing[: fade // 6]
    assert (
        np.abs(early - one[end - fade : end][: fade // 6]).max()
        < np.abs(early - other[300 - fade :][: fade // 6]).max()
    )
    assert not made[32_300:].any(), "silent where the call made nothing"


def test_nothing_clicks_where_calls_meet() -> None:
    steps = np.full((17_000, 1), 0.8, np.float32)
    for begin in (16, 17):
        made = sounds.joined([Piece(0, 17, steps), Piece(begin, 33, -steps[:15_500])], TOLD, FPS)
        assert np.abs(np.diff(made[:, 0].astype(int))).max() < 0.05 * FULL
        assert len(made) == 33_000


def test_a_span_of_frames_is_cut_out() -> None:
    level = Latents("s", 1, {"sound": sounds.joined([Piece(0, 24, tone(1))], TOLD, FPS)}, {"sound": str(TOLD)})
    part = sounds.heard(level, FPS, 6, 12)
    assert part is not None
    assert (part.samples.shape, part.samples.dtype, part.rate) == ((6000, 2), np.float32, TOLD)
    assert np.allclose(part.samples, tone(1)[6000:12_000], atol=1e-4)
    whole = sounds.heard(level, FPS, 0, None)
    assert whole is not None
    assert len(whole.samples) == 24_000
    assert sounds.heard(Latents("s", 1, {}, {}), FPS, 0, None) is None


def test_waveforms_of_every_form() -> None:
    profile = ltx("ltx-2")
    assert sounds.waveform(torch.ones(1, 2, 50, dtype=torch.bfloat16), profile).shape == (50, 2)
    assert sounds.waveform(np.ones((1, 50)), profile).shape == (50, 1)
    with pytest.raises(RenderError, match="ltx-2: sound: true, and LTX2Pipeline made none; take sound out"):
        sounds.waveform(None, profile)
    with pytest.raises(RenderError, match="has no vocoder that says at which rate"):
        sounds.rate_of(SimpleNamespace(), profile)


def ltx(name: str, project: Path | None = None) -> DiffusersProfile:
    profile = backends.find(name, project)
    assert isinstance(profile, DiffusersProfile)
    return profile


def test_another_rate_in_a_shots_options_is_refused() -> None:
    sounds.in_step(ltx("ltx-2"), {"frame_rate": 24})
    sounds.in_step(ltx("ltx-video"), {"frame_rate": 12})
    with pytest.raises(InputError, match=r"ltx-2: option frame_rate \(12\) is not its clip's 24 a second"):
        sounds.in_step(ltx("ltx-2"), {"frame_rate": 12})


def test_profiles_with_sound_say_so() -> None:
    shipped = [one for one in backends.profiles() if isinstance(one, DiffusersProfile)]
    assert {one.name for one in shipped if one.sound} == {"ltx-2", "ltx-2-condition"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sounds")
    for name in ("ltx-2", "ltx-2-condition"):
        tiny.install(name, folder)
    torch.set_num_threads(1)
    return folder


def shot(frames: int) -> LevelRequest:
    told = (TimedPrompt(0, frames, Prompt("a small orange fox", "")),)
    return LevelRequest("s", frames, 1, (Part("one", 0, frames, 7),), told, size=(64, 64))


@pytest.fixture
def returned(monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    """What every call gave of sound, [samples, channels]."""
    out: list[np.ndarray] = []
    plain = calls.run

    def run(*given: Any) -> calls.Made:
        made = plain(*given)
        out.append(made.sound[0].numpy().T)
        return made

    monkeypatch.setattr(calls, "run", run)
    return out


@pytest.mark.parametrize(("name", "segments"), [("ltx-2", 1), ("ltx-2-condition", 2)])
def test_a_level_keeps_what_its_calls_made(name: str, segments: int, project: Path, returned: list[np.ndarray]) -> None:
    """41 frames of clips of 17: in windows in one call, and clip after clip."""
    backend = Diffusers(ltx(name, project).model_copy(update={"levels": (1,), "keyframes": None}))
    (made,) = backend.render([shot(29)])
    assert len(returned) == segments
    rate = int(made.meta["sound"])
    assert rate == backend.pipe.vocoder.config.output_sampling_rate
    length = round(29 / 24 * rate)
    assert made.arrays["sound"].shape == (length, 2)
    assert len(made.arrays["x"]) == 29
    heard = backend.sound(made)
    assert isinstance(heard, Audio)
    assert np.allclose(heard.samples[:260], returned[0][:260], atol=2 / FULL)
    first = round(16 / 24 * rate)
    if segments == 2:  # from the shared frame's sound on it is the second call's
        assert np.allclose(heard.samples[300:450], returned[1][300 - first : 450 - first], atol=2 / FULL)
    part = backend.sound(made, 12, 18)
    assert part is not None
    assert np.array_equal(part.samples, heard.samples[200:300])
    without = Diffusers(backend.profile.model_copy(update={"sound": False}))
    (plain,) = without.render([shot(29)])
    assert set(plain.arrays) == {"x", "clips"}
    assert plain.meta == {"keeps": "pictures"}
    assert np.array_equal(plain.arrays["x"], made.arrays["x"])
    assert without.sound(plain) is None


BOARD = """\
storyforge: 1
renderer: ltx-2
size: 64x64
fps: 24
music: none
cast: {ember: {description: "a small orange fox"}}
scenes:
  - id: storm
    shots:
      - {id: one, seconds: 1, cast: [ember], action: "Ember walks"}
      - {id: two, seconds: 0.75, cast: [ember], action: "Ember climbs"}
      - {id: three, seconds: 0.75, cast: [ember], action: "Ember runs", join: flow}
end: cut
"""


def test_a_film_is_heard_as_ltx_2_made_it(project: Path, tmp_path: Path) -> None:
    """Shots of windows and of one clip, a cut and a flow: each is heard at its frame, to a few milliseconds."""
    (project / "board.yaml").write_text(BOARD)
    made = storyforge.render(project / "board.yaml", tmp_path / "film", workers=1, captions="off")
    assert not made.failed
    assert made.film is not None
    recording = Recording(made.film)
    film = recording.block(0, round(2.5 * RATE)).mean(axis=1)
    store, backend = Store(made.folder / ".storyforge" / "store"), Diffusers(ltx("ltx-2", project))
    journal = Journal(made.folder / ".storyforge" / "journal.sqlite")
    results = journal.results("draw")
    journal.close()
    for name, start, seconds in (("one", 0.0, 1.0), ("two", 1.0, 0.75), ("three", 1.75, 0.75)):
        kept, drawn = store.arrays(Key(results[name][-1].source)), store.look(results[name][-1].key)
        assert kept is not None
        assert drawn is not None
        arrays, meta = kept
        begin = drawn.meta["start"]
        audio = backend.sound(Latents(meta["id"], 1, arrays, meta["meta"]), begin, begin + round(seconds * 24))
        assert audio is not None
        wanted = resampled(audio.samples.mean(axis=1), audio.rate)
        alike = {at: likeness(film, wanted, round(start * RATE) + at) for at in range(-RATE // 10, RATE // 10, 40)}
        assert alike[0] > 0.9
        assert alike[0] >= max(alike.values()) - 0.01, f"{name} is heard early or late"


def likeness(film: np.ndarray, wanted: np.ndarray, at: int) -> float:
    """The correlation of a sound with what a film plays from a sample on, as far as both go."""
    part = film[max(at, 0) :][: len(wanted)]
    mine = wanted[max(-at, 0) :][: len(part)]
    return float(np.corrcoef(part[: len(mine)], mine)[0, 1])

"""Windows that begin at pictures: each is shown its own, and the film shows each of them where it lies."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from weakref import ref

import numpy as np
import pytest
import tiny
import torch
from diffusers.hooks import HookRegistry, ModelHook
from ruamel.yaml import YAML
from tiny.denoisers import DENOISERS
from torch import Tensor

import storyforge
from storyforge import backends
from storyforge.backends import Latents, LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.diffusers import Diffusers, beginnings, decoding, pictures, texts
from storyforge.backends.diffusers.beginnings import noise_channels
from storyforge.backends.diffusers.codenoising import WindowPlan, codenoise
from storyforge.backends.diffusers.families import FAMILIES
from storyforge.backends.models import DiffusersProfile
from storyforge.clock import Span
from storyforge.errors import RenderError

torch.set_num_threads(1)
SIZE = (48, 32)
WAN: dict[str, Any] = {"clip": {"frames": 13}, "levels": [8, 1], "windows": {"overlap": 4}}
HALVES: dict[str, Any] = {"clip": {"frames": 17}, "levels": [8, 1], "windows": {"overlap": 8}}
BOARD = """\
storyforge: 1
title: "A second and a half"
renderer: wan-2.1-i2v-14b
size: 96x64
fps: 16
cast: {ember: {description: "a small orange fox"}}
scenes:
  - id: storm
    shots:
      - {id: one, seconds: 1.5, cast: [ember], action: "Ember walks"}
"""
PROFILES = {"wan-2.1-i2v-14b": WAN, "cogvideox-5b-i2v": HALVES, "wan-2.1-flf2v-14b": HALVES}
Opened = Callable[[str], Diffusers]


def install(name: str, folder: Path, **changes: Any) -> Path:
    """The shipped profile on its tiny checkpoint, in windows between keyframes."""
    path = tiny.install(name, folder)
    yaml = YAML(typ="safe", pure=True)
    data = yaml.load(path.read_text())
    for key, value in ({"longer": "windows"} | changes).items():
        data[key] = data[key] | value if isinstance(value, dict) and key in data else value
    with path.open("w") as file:
        yaml.dump(data, file)
    return path


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """Renderers, each opened once."""
    known: dict[str, Diffusers] = {}

    def renderer(name: str) -> Diffusers:
        if name not in known:
            folder = tmp_path_factory.mktemp(name)
            install(name, folder, **PROFILES[name])
            profile = backends.find(name, folder)
            assert isinstance(profile, DiffusersProfile)
            known[name] = backend = Diffusers(profile)
            if name.startswith("cog"):
                sure(backend.pipe.vae)
        return known[name]

    return renderer


@torch.no_grad()
def sure(vae: Any) -> None:
    """Its encoder draws no noise of its own."""
    last = vae.encoder.conv_out.conv
    last.weight[len(last.weight) // 2 :] = 0
    last.bias[len(last.bias) // 2 :] = -30


def shade(frame: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The picture that is known at a frame."""
    across = np.linspace(20, 235, SIZE[0])[None, :, None] * np.ones((SIZE[1], 1, 3))
    return ((across + frame * np.array([90, 31, 160])) % 256).astype(np.uint8)


def level(frames: int, known: tuple[int, ...], **more: Any) -> LevelRequest:
    prompts = (TimedPrompt(0, frames, Prompt("a small orange fox", "", avoid="storm")),)
    pins = {frame: shade(frame) for frame in known}
    return LevelRequest("s", frames, 1, (Part("one", 0, frames, 7),), prompts, pins=pins, size=SIZE, **more)  # type: ignore[arg-type]


class Recorder(ModelHook):  # type: ignore[misc]  # diffusers is untyped
    """What the denoiser itself is given, beneath other hooks."""

    def __init__(self, calls: list[dict[str, Any]]) -> None:
        super().__init__()
        self.calls = calls

    def pre_forward(self, module: Any, *args: Any, **kwargs: Any) -> Any:
        self.calls.append(kwargs)
        return args, kwargs


@contextmanager
def recorded(pipe: Any) -> Iterator[list[dict[str, Any]]]:
    calls: list[dict[str, Any]] = []
    registry = HookRegistry.check_if_exists_or_initialize(pipe.transformer)
    registry.register_hook(Recorder(calls), "recorder")
    yield calls
    registry.remove_hook("recorder", recurse=False)


def wan_obeys(pipe: Any) -> Callable[..., Any]:
    """A Wan denoiser that makes a still of the clip's first picture, and of the last one where it is told of it."""

    def forward(hidden_states: Tensor, timestep: Tensor, return_dict: bool = True, **more: Any) -> tuple[Tensor]:
        x, mask, told = hidden_states.split([16, 4, 16], dim=1)
        clean = told[:, :, :1].repeat(1, 1, x.shape[2], 1, 1)
        last = mask[:, :, -1:].amax(1, keepdim=True)
        clean[:, :, -1:] = torch.where(last > 0, told[:, :, -1:], clean[:, :, -1:])
        sigma = pipe.scheduler.sigmas[int((pipe.scheduler.timesteps == timestep[0]).nonzero()[0])]
        return ((x - clean) / sigma,)

    return forward


def cogvideox_obeys(pipe: Any) -> Callable[..., Any]:
    """A CogVideoX denoiser that makes a still of the clip's first picture."""

    def forward(hidden_states: Tensor, timestep: Tensor, return_dict: bool = True, **more: Any) -> tuple[Tensor]:
        x, told = hidden_states.chunk(2, dim=2)
        signal = pipe.scheduler.alphas_cumprod[timestep].to(x).view(-1, 1, 1, 1, 1)
        noise = (x - signal.sqrt() * told[:, :1]) / (1 - signal).sqrt()
        return (signal.sqrt() * noise - (1 - signal).sqrt() * told[:, :1],)

    return forward


@contextmanager
def obeying(name: str, pipe: Any) -> Iterator[None]:
    """The pipeline with a denoiser that shows what it is told, so that what it is told can be seen."""
    pipe.transformer.forward = (cogvideox_obeys if name.startswith("cog") else wan_obeys)(pipe)
    try:
        yield
    finally:
        del pipe.transformer.forward


def shown(pipe: Any, rows: Tensor) -> np.ndarray[Any, Any]:
    """The first frame of some rows."""
    decode = decoding.decoder(pipe)
    assert decode is not None
    return next(iter(decode(pipe, rows))).astype(int)


@pytest.mark.parametrize("name", PROFILES)
def test_every_keyframe_is_shown_where_it_lies(name: str, opened: Opened) -> None:
    backend = opened(name)
    with obeying(name, backend.pipe):
        (made,) = backend.render([level(33, (0, 8, 12, 16, 24, 32), lengths=(27,))])
    places = [0, 8, 12, 16, 24, 27]  # row 12 is of no coarser level: a picture of the user's own
    assert [row[:3] for row in made.arrays["clips"].tolist()] == [[a, a, b] for a, b in pairwise(places)]
    film = [frame.astype(int) for frame in backend.decode(made, SIZE)]
    assert len(film) == 27
    first = np.split(made.arrays["x"], np.cumsum(made.arrays["clips"][:-1, 3]))
    for frame, rows in zip(places, first, strict=False):
        told = pictures.row_of(backend.pipe, shade(frame))
        np.testing.assert_allclose(rows[0], told.numpy(), atol=1e-5)
        if name.startswith("wan"):  # CogVideoX's decoder looks at the rows that follow, too
            assert abs(film[frame] - shown(backend.pipe, told[None])).max() <= 1


def test_a_windows_first_row_is_its_own_and_those_after_the_next_keyframe_belong_to_the_next_window(
    opened: Opened,
) -> None:
    backend = opened("wan-2.1-i2v-14b")
    with obeying("wan", backend.pipe):
        (made,) = backend.render([level(33, (0, 8, 16, 24, 32))])
    told = [pictures.row_of(backend.pipe, shade(frame)).numpy() for frame in (0, 8, 16)]
    rows = np.split(made.arrays["x"], np.cumsum(made.arrays["clips"][:-1, 3]))
    assert [len(one) for one in rows] == [3, 3, 3, 3, 1]
    for at, one in enumerate(rows[:3]):
        after = told[0] if at == 0 else (5 * told[at] + told[at - 1]) / 6  # rows 1 and 3 of windows of 1 and 3 more
        for row, expected in zip(one, (told[at], after, told[at]), strict=True):
            np.testing.assert_allclose(row, expected, atol=1e-5)


@pytest.mark.parametrize("name", PROFILES)
def test_each_window_is_told_what_a_clip_of_its_own_is_told_and_no_call_is_longer(name: str, opened: Opened) -> None:
    ends = name == "wan-2.1-flf2v-14b"
    windows = [(0, 8), (0, 16), (8, 24), (16, 32), (24, 32)] if ends else [(0, 0), (8, 0), (16, 0), (24, 0), (32, 0)]
    agree(name, opened(name), (0, 8, 16, 24, 32), windows)


def test_a_window_whose_last_picture_is_not_known_is_not_told_the_films(tmp_path: Path) -> None:
    name = "wan-2.2-i2v-a14b"
    install(name, tmp_path, infill="first_last", **HALVES)
    profile = backends.find(name, tmp_path)
    assert isinstance(profile, DiffusersProfile)
    agree(name, Diffusers(profile), (0, 8, 24, 32), [(0, 8), (0, 0), (8, 24), (24, 32)])


def agree(name: str, backend: Diffusers, known: tuple[int, ...], windows: list[tuple[int, int]]) -> None:
    """Each window is told of its pictures (of no last one: 0) as a clip of its own is."""
    family, axis = FAMILIES[type(backend.pipe.transformer).__name__], 1 if name.startswith("cog") else 2
    request = level(33, known)
    with recorded(backend.pipe) as calls:
        (made,) = backend.render([request])
    (again,) = backend.render([request])
    assert all(np.array_equal(made.arrays[key], again.arrays[key]) for key in made.arrays)
    clip = (backend.profile.clip.frames - 1) // 4 + 1
    assert max(call["hidden_states"].shape[axis] for call in calls) == clip
    for (first, last), call in zip(windows, calls, strict=False):
        length = 4 * call["hidden_states"].shape[axis] - 3
        own = {0: shade(first)} | ({length - 1: shade(last)} if last else {})
        with recorded(backend.pipe) as native:
            backend.render([replace(level(length, ()), pins=own)])
        for argument in (family.main, *family.shown):
            told, expected = call[argument], native[0][argument]
            if argument == family.main:
                noise = noise_channels(backend.pipe)
                told, expected = (one.narrow(family.channels, noise, noise) for one in (told, expected))
            torch.testing.assert_close(told, expected)


def test_a_shot_goes_from_painted_keyframes_to_windows_that_begin_at_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("wan-2.1-i2v-14b", tmp_path, **WAN)
    (tmp_path / "board.yaml").write_text(BOARD)
    levels: dict[int, tuple[LevelRequest, Latents]] = {}
    plain = Diffusers.render

    def render(self: Diffusers, requests: Any) -> list[Latents]:
        results = plain(self, requests)
        levels.update((one.stride, (one, made)) for one, made in zip(requests, results, strict=True))
        return results

    monkeypatch.setattr(Diffusers, "render", render)
    film = storyforge.render(tmp_path / "board.yaml", tmp_path / "film", workers=1, captions="off", silent=True)
    assert not film.failed
    assert film.frames == 24
    (_, keyframes), (request, made) = levels[8], levels[1]
    for row, picture in enumerate(keyframes.arrays["x"]):
        assert np.array_equal(request.pins[8 * row], picture)
    assert [row[:3] for row in made.arrays["clips"].tolist()] == [[0, 0, 8], [8, 8, 16], [16, 16, 24]]


def test_of_the_windows_own_calls_what_says_their_pictures_is_kept_and_a_prompt_is_encoded_once(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = opened("wan-2.1-i2v-14b").pipe
    plain, heard = beginnings.conditioned, texts.heard
    calls: list[tuple[int, list[ref[Tensor]]]] = []

    def noted(*given: Any) -> Any:
        family, call = heard(*given)
        calls.append((len(encoded), [ref(call[family.main]), ref(call["encoder_hidden_states"])]))
        return family, call

    def conditioned(*given: Any) -> Any:
        monkeypatch.setattr(texts, "heard", noted)
        encoded.clear()
        edit = plain(*given)
        gc.collect()
        assert [kept() for _, both in calls for kept in both] == [None] * 2 * 4
        monkeypatch.setattr(texts, "heard", heard)
        return edit

    encoded: list[int] = []
    hook = pipe.text_encoder.register_forward_hook(lambda *given: encoded.append(1))
    monkeypatch.setattr(beginnings, "conditioned", conditioned)
    opened("wan-2.1-i2v-14b").render([level(33, (0, 8, 16, 24), lengths=(31,))])
    hook.remove()
    assert len({count for count, _ in calls}) == 1
    assert "encode_prompt" not in vars(pipe)


@pytest.mark.parametrize("name", ["pia-sd15", "i2vgen-xl", "svd-xt"])
def test_models_of_frames_begin_windows_at_keyframes_too(name: str, tmp_path: Path) -> None:
    install(name, tmp_path, levels=[5, 1], windows={"overlap": 2}, keeps="latents")
    profile = backends.find(name, tmp_path)
    assert isinstance(profile, DiffusersProfile)
    assert profile.clip.frames == 8
    backend = Diffusers(profile)
    made, other = backend.render([replace(level(12, (0, 5, last)), size=(32, 32)) for last in (10, 11)])
    assert [row[:3] for row in made.arrays["clips"].tolist()] == [[0, 0, 5], [5, 5, 10], [10, 10, 12]]
    assert [row[:3] for row in other.arrays["clips"].tolist()] == [[0, 0, 5], [5, 5, 11], [11, 11, 12]]
    assert np.isfinite(made.arrays["x"]).all()
    assert not np.allclose(made.arrays["x"], other.arrays["x"])


@pytest.mark.parametrize(
    ("known", "places"), [((0, 8, 9, 16, 24), (0, 8, 9, 16, 24)), ((0, *range(7, 19), 24), (0, 8, 16, 18, 24))]
)
def test_a_picture_inside_a_latent_row_a_held_takes_last_and_one_at_the_last_frame_are_shown(
    known: tuple[int, ...], places: tuple[int, ...], opened: Opened
) -> None:
    backend = opened("wan-2.1-i2v-14b")
    with obeying("wan", backend.pipe):
        (made,) = backend.render([level(25, known)])
    film = [frame.astype(int) for frame in backend.decode(made, SIZE)]
    assert len(film) == 25
    for frame in places:
        told = pictures.row_of(backend.pipe, shade(frame))
        assert abs(film[frame] - shown(backend.pipe, told[None])).max() <= 1


def test_a_model_that_is_told_of_its_picture_in_the_noise_is_refused(tmp_path: Path) -> None:
    install("wan-2.2-ti2v-5b", tmp_path, levels=[4, 1], windows={"overlap": 4})
    backend = backends.open("wan-2.2-ti2v-5b", tmp_path)[1]
    with pytest.raises(RenderError, match="does not tell its denoiser of pictures beside the noise"):
        backend.render([replace(level(13, (0, 4, 8)), size=(64, 32))])


def test_a_pipeline_that_makes_other_rows_than_it_is_asked_for_is_refused() -> None:
    net = DENOISERS["wan"].make()
    with (
        codenoise(SimpleNamespace(transformer=net), WindowPlan(4, 1, begun=(Span(0, 4), Span(2, 6)))),
        pytest.raises(RenderError, match="was given 9 rows, which cannot be a film's with one for each window's"),
    ):
        net(**DENOISERS["wan"].call(9))

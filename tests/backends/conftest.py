"""The backends that the contract is held against, each opened through a profile in a project's own renderers/."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from storyforge import backends

CLIPS = {
    "wan": """
        backend: diffusers
        licence: Apache-2.0
        pipeline: WanPipeline
        checkpoint: ../checkpoints/wan
        device: cpu
        clip: {frames: 9, fps: 16, size: [48, 32], ratio: 4, multiple: 16}
        keeps: latents
        infill: held
        components: {vae: {class: AutoencoderKLWan, dtype: float32}}
        defaults: {steps: 2, guidance: 3.0}
        call: {max_sequence_length: 16}
        """,
    "animatediff": """
        backend: diffusers
        licence: CreativeML-OpenRAIL-M
        pipeline: AnimateDiffPipeline
        checkpoint: ../checkpoints/animatediff/image
        device: cpu
        clip: {frames: 8, fps: 8, size: [24, 16], ratio: 1, multiple: 8}
        keeps: latents
        infill: held
        components:
          motion_adapter: {class: MotionAdapter, checkpoint: ../checkpoints/animatediff/motion}
          scheduler: {class: DDIMScheduler, settings: {timestep_spacing: linspace}}
        defaults: {steps: 2, guidance: 2.0}
        """,
    "wan-pictures": """
        backend: diffusers
        licence: Apache-2.0
        pipeline: WanPipeline
        checkpoint: ../checkpoints/wan
        device: cpu
        clip: {frames: 9, fps: 16, size: [48, 32], ratio: 4, multiple: 16}
        layout: null
        keeps: pictures
        defaults: {steps: 2, guidance: 1.0}
        """,
}


@dataclass(frozen=True)
class Case:
    """A backend and the length of the shots it is asked for."""

    name: str
    backend: backends.Backend
    frames: int
    size: tuple[int, int] | None = None  # of the film, as requests give it


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder with renderers/ and the tiny checkpoints that they name."""
    from tiny import base as tiny_pipelines

    folder = tmp_path_factory.mktemp("project")
    tiny_pipelines.save_wan(folder / "checkpoints" / "wan")
    tiny_pipelines.save_animatediff(folder / "checkpoints" / "animatediff")
    tiny_pipelines.save_wan_image(folder / "checkpoints" / "wan-image")
    (folder / "renderers").mkdir()
    for name, text in CLIPS.items():
        (folder / "renderers" / f"tiny-{name}.yaml").write_text(text)
    return folder


@pytest.fixture(scope="session")
def opened(project: Path) -> Callable[[str], Case]:
    """Opens a renderer of the project once for all tests."""
    known: dict[str, Case] = {}

    def case(name: str) -> Case:
        if name not in known:
            profile, backend = backends.open(name, project)
            assert profile.name == name
            known[name] = Case(name, backend, backend.capabilities.clip_frames + 5, (64, 36))
        return known[name]

    return case


@pytest.fixture(params=["toon", *(f"tiny-{name}" for name in CLIPS)])
def case(request: pytest.FixtureRequest, opened: Callable[[str], Case]) -> Case:
    """Every backend in turn: a new one is one more line here."""
    return opened(request.param)

"""A diffusers renderer whose model may never be wanted: its profile answers at once, and torch waits for the rest."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from storyforge.backends.base import (
    PANELS,
    Acting,
    Array,
    Audio,
    Capabilities,
    CastRequest,
    Frame,
    Latents,
    LevelRequest,
    Noise,
    Sheet,
)
from storyforge.backends.fingerprints import fingerprint
from storyforge.backends.models import DiffusersProfile

if TYPE_CHECKING:
    from storyforge.backends.diffusers import Diffusers


def capabilities(profile: DiffusersProfile) -> Capabilities:
    """What the engine may ask of a profile's models."""
    clip = profile.clip
    first = profile.infill in ("first", "extend") and not profile.begun
    refer = (profile.painter or profile).references
    return Capabilities(
        clip.frames,
        strides=((PANELS,) if profile.keyframes else ()) + profile.levels,
        frame_ratio=clip.ratio,
        chain=profile.chain,
        whole=profile.begun,
        pins="none" if profile.infill == "none" else "first" if first else "any",
        references=refer.most if refer else 0,
        windows=profile.longer == "windows",
        casts=profile.painter is not None,
        panel_at="start",
        panels="earlier" if profile.painter and refer and refer.by == "bank" else "alone",
        fps=clip.fps,
        size=clip.size,
        pictures=profile.infill != "none",
        restyles=profile.source is not None,
        controls=profile.control.kinds if profile.control else (),
    )


class Unloaded:
    """The Backend of a profile; the torch side is imported at the first cast, render or decode."""

    def __init__(self, profile: DiffusersProfile) -> None:
        self.profile = profile

    @property
    def capabilities(self) -> Capabilities:
        return capabilities(self.profile)

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.profile)

    @cached_property
    def loaded(self) -> "Diffusers":
        """The backend that has the models; it loads each when it is first needed."""
        from storyforge.backends.diffusers import Diffusers

        return Diffusers(self.profile)

    def cast(self, requests: Sequence[CastRequest]) -> list[Sheet]:
        return self.loaded.cast(requests)

    def render(self, requests: Sequence[LevelRequest]) -> list[Latents]:
        return self.loaded.render(requests)

    def rows(self, latents: Latents, frames: Sequence[int]) -> list[Array]:
        return self.loaded.rows(latents, frames)

    def decode(
        self, latents: Latents, size: tuple[int, int], start: int = 0, stop: int | None = None,
        acting: Acting | None = None,
    ) -> Iterator[Frame]:  # fmt: skip
        return self.loaded.decode(latents, size, start, stop, acting)

    def noises(
        self, latents: Latents, start: int = 0, stop: int | None = None, acting: Acting | None = None
    ) -> tuple[Noise, ...]:
        return self.loaded.noises(latents, start, stop, acting)

    def sound(self, latents: Latents, start: int = 0, stop: int | None = None) -> Audio | None:
        return self.loaded.sound(latents, start, stop)

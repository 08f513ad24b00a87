"""A diffusers renderer whose model may never be wanted: its profile answers at once, and torch waits for the rest."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from storyforge.backends.base import (
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
from storyforge.backends.capabilities import capabilities
from storyforge.backends.fingerprints import fingerprint
from storyforge.backends.models import DiffusersProfile

if TYPE_CHECKING:
    from storyforge.backends.diffusers import Diffusers


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

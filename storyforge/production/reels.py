"""Reels: films and pictures that a shot is made from, read from disk as its renderer's backend asks for them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from storyforge.backends import Capabilities, Control, Frame, Reel, Source
from storyforge.cas import digest, file_digest
from storyforge.memory import picture
from storyforge.production.draw import Shown
from storyforge.storyboard import OWN_SOUND, Move, ResolvedShot


def parameters(shot: ResolvedShot) -> dict[str, Any]:
    """What the storyboard sets for this shot's own renderer, as far as it changes what is made."""
    return {name: value for name, value in shot.options.get(shot.renderer, {}).items() if name != OWN_SOUND}


@dataclass(frozen=True)
class Reels:
    """What one shot is made from beside words, as far as its renderer takes it; nothing is read to make one.

    home: the storyboard's folder. rate: of the renderer's own frames; frames: of the shot, counted in those. keyframes:
    pictures that it must show, by such a frame.
    """

    shot: ResolvedShot
    able: Capabilities
    home: Path
    rate: Fraction
    frames: int
    keyframes: Mapping[int, str] = field(default_factory=dict)

    @property
    def files(self) -> tuple[str, ...]:
        """Their names."""
        written = self.shot.shot
        if self.shot.shown is not None:
            return ()
        driven = [one.video for one in [written.control] if one is not None and one.kind in self.able.controls]
        return (*([written.source] if written.source else []), *driven, *self.keyframes.values())

    def still(self, frame: int) -> Any | None:
        """The picture that it must show there, uint8 [height, width, 3]; None where it may show any."""
        name = self.keyframes.get(frame)
        return None if name is None else picture(self.home / name)

    @cached_property
    def source(self) -> Source | None:
        """The film that it restyles: what the shot would show if it were shown as it is, its camera's move too."""
        name, strength = self.shot.shot.source, self.shot.shot.strength
        if not strength or name is None or name not in self.files:
            return None
        return Source(self._reel(name, self.shot.camera.move or "static"), strength)

    @cached_property
    def control(self) -> Control | None:
        """The film that drives it."""
        given = self.shot.shot.control
        if given is None or self.shot.shown is not None or given.kind not in self.able.controls:
            return None
        return Control(self._reel(given.video, "static"), given.kind, given.strength)

    @property
    def told(self) -> Any:
        """What of them changes the result, for keys; None where there are none."""
        source, control = self.source, self.control
        stills = {frame: file_digest((self.home / name).absolute()) for frame, name in self.keyframes.items()}
        weights = [path for path in map(self._weights, parameters(self.shot).get("loras", ())) if path is not None]
        found = {
            **({"loras": [_contents(path) for path in weights]} if weights else {}),
            **({"keyframes": stills} if stills else {}),
            **({"source": (source.reel.digest, source.strength)} if source else {}),
            **({"control": (control.reel.digest, control.kind, control.strength)} if control else {}),
        }
        return found or None

    @property
    def options(self) -> dict[str, Any]:
        """What the storyboard sets for the renderer of this shot; LoRA weights beside it by their whole path."""
        asked = parameters(self.shot)
        if isinstance(asked.get("loras"), list | tuple):
            asked["loras"] = [
                {**lora, "checkpoint": str(path)} if (path := self._weights(lora)) else lora for lora in asked["loras"]
            ]
        return asked

    def _weights(self, lora: Any) -> Path | None:
        """The file or folder of LoRA weights beside the storyboard; None where they lie elsewhere."""
        named = lora.get("checkpoint") if isinstance(lora, Mapping) else None
        path = (self.home / named).absolute() if isinstance(named, str) else None
        return path if path is not None and path.exists() else None

    def _reel(self, name: str, move: Move) -> Reel:
        path = (self.home / name).absolute()
        known = digest(("reel", file_digest(path), move, self.rate, self.frames))

        def read(size: tuple[int, int], start: int, stop: int) -> Iterator[Frame]:
            return Shown(str(path), None, move).frames(size, self.rate, self.frames, start, stop)

        return Reel(str(path), known, self.frames, read)


def _contents(path: Path) -> Any:
    """Digests of a file, or of the weights in a folder."""
    return [file_digest(one) for one in ([path] if path.is_file() else sorted(path.rglob("*.safetensors")))]

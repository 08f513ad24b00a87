"""What the engine and production ask of a renderer: requests, results and the Backend protocol (DESIGN 6)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from storyforge.conform import Chain

Array = NDArray[np.float32]
Frame = NDArray[np.uint8]  # [height, width, 3], sRGB
Arrays = Mapping[str, NDArray[Any]]

PANELS = 0  # the stride of the panels' level: one keyframe per shot, all shots together


@dataclass(frozen=True)
class Capabilities:
    """What the engine may ask of a renderer; a profile can narrow it.

    clip_frames is L; strides lists the levels from coarse to fine (PANELS first where it has them);
    frame_ratio: latent rows x ratio + 1 = frames. A panel that lies at the start of its shot has the same picture
    whatever the shot's length, but for a source, a control or pictures of the user's.
    panels: how those of a film hang together; where each is made of earlier ones it looks at as many of the film's
    first as there are `references`.
    """

    clip_frames: int
    strides: tuple[int, ...] = (1,)
    frame_ratio: int = 1
    pins: Literal["none", "first", "first_last", "any"] = "none"
    prompts: Literal["clip", "frame"] = "clip"
    references: int = 0
    windows: bool = False
    casts: bool = False  # makes cast sheets of its own
    light: bool = False  # decode needs no model, so worker processes may do it
    fps: float | None = None  # its own rate; None draws at the film's
    restyles: bool = False  # can start from a film or a picture (`Source`)
    pictures: bool = False  # pins are pictures, the user's own keyframes too
    controls: tuple[str, ...] = ()  # the kinds of film that can drive it (`Control`)
    panel_at: Literal["middle", "start"] = "middle"  # of a shot: where on the coarsest grid its panel lies
    panels: Literal["together", "earlier", "alone"] = "together"  # made in one pass; each of earlier ones; each alone
    size: tuple[int, int] | None = None  # native width, height at 16:9; None draws at any size
    chain: Chain | None = None  # of clips whose pictures stand at the begin of a latent row alone
    whole: bool = False  # pictures stand at multiples of frame_ratio; one inside a latent row costs a call of its own


@dataclass(frozen=True)
class EntityPrompt:
    """One entity in a shot: who, and everything said of it there (description, look, what it does)."""

    key: str  # "ember@rain", "lantern", "lighthouse"
    kind: Literal["character", "prop", "place"]
    text: str
    at: float | None = None  # where in the frame it is told to be: -1 the left edge .. 1 the right edge
    faces: float | None = None  # where it is told to look: -1 left, 0 into the camera, 1 right


@dataclass(frozen=True)
class Framing:
    """How the camera of a shot stands, for renderers that place people and cameras themselves.

    shot and move are the storyboard's words; scene is the address that all shots of a scene share, and setup the name
    of a camera that is placed once and comes back ("" without one). on: the character or prop it is on. over: the
    character over whose shoulder it looks, who is seen from behind at the frame's edge: shoulder -1 left, 1 right.
    """

    scene: str
    shot: str
    move: str = "static"
    on: str = ""
    setup: str = ""
    over: str = ""
    shoulder: float = 0.0
    aspect: float = 16 / 9  # width over height of the frame


@dataclass(frozen=True)
class Prompt:
    """What is to be seen: `text` for models with one prompt, the parts for models that bind each entity."""

    text: str
    scene: str  # place, time, weather, camera, style; no entity
    entities: tuple[EntityPrompt, ...] = ()
    avoid: str = ""
    framing: Framing | None = None


@dataclass(frozen=True)
class TimedPrompt:
    """A prompt that holds over frames [start, stop) of a span and blends in over `ramp` frames centred on start."""

    start: int
    stop: int
    prompt: Prompt
    ramp: int = 0


@dataclass(frozen=True)
class Part:
    """One shot within a span: frames [start, stop), and the address of its noise."""

    shot: str
    start: int
    stop: int
    seed: int
    take: int = 0


@dataclass(frozen=True)
class Reel:
    """A picture or a film from disk as `frames` frames of one part, at the renderer's own rate, its last one held.

    digest: of the file's bytes and of how it is read. read(size, start, stop) gives frames [start, stop) as uint8
    [height, width, 3], cropped to cover width x height; nothing is opened before they are asked for.
    """

    path: str
    digest: str
    frames: int
    read: Callable[[tuple[int, int], int, int], Iterator[Frame]] = field(compare=False, repr=False)


@dataclass(frozen=True)
class Source:
    """What a part starts from instead of noise alone; strength: how much of it is made anew, above 0 up to 1."""

    reel: Reel
    strength: float


@dataclass(frozen=True)
class Control:
    """What drives a part's motion and is not seen itself; strength: how closely it is followed, 1 as trained."""

    reel: Reel
    kind: Literal["depth", "pose", "edges"]
    strength: float = 1.0


@dataclass(frozen=True)
class Sheet:
    """A cast sheet: what an entity in one look is like, as arrays the backend understands and pictures people do."""

    key: str
    kind: Literal["character", "prop", "place"]
    arrays: Arrays
    pictures: tuple[Frame, ...] = ()


@dataclass(frozen=True)
class CastRequest:
    """One entity in one look, to be given a sheet: its description, look, seed and the user's pictures."""

    key: str
    kind: Literal["character", "prop", "place"]
    text: str
    seed: int
    references: tuple[Frame, ...] = ()
    body: str = ""  # the text without what a look may change, so that a look changes clothes and nothing else


@dataclass(frozen=True)
class LevelRequest:
    """One level of one span (or, at stride PANELS, one panel for each of the film's shots).

    frames counts the span's frames at stride 1, already rounded to what the pyramid covers; positions are
    0, stride, 2 stride ... At PANELS frames counts panels, each part is one frame long, and `moments` gives the
    frame of each shot that its panel shows. pins maps a position index to the row known there. sources and controls
    have the frames of whole shots, at PANELS too.
    """

    id: str
    frames: int
    stride: int
    parts: tuple[Part, ...]
    prompts: tuple[TimedPrompt, ...]
    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    pins: Mapping[int, Array] = field(default_factory=dict)
    moments: tuple[int, ...] = ()
    lengths: tuple[int, ...] = ()  # frames of each part's shot (at PANELS, where parts are one frame long)
    steps: int | None = None  # None: the profile's
    guidance: float | None = None
    size: tuple[int, int] | None = None  # width, height for renderers that are not size-free
    options: Mapping[str, Any] = field(default_factory=dict)
    each: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)  # options of single parts, at PANELS
    draft: bool = False
    sources: Mapping[int, Source] = field(default_factory=dict)  # by the number of the part, in frames of the part
    controls: Mapping[int, Control] = field(default_factory=dict)

    def sampled(self, steps: int) -> int:
        """Steps to take of so many: a draft takes a third, from the same noise to nearly the same picture."""
        return max(2, round(steps / 3)) if self.draft else steps

    def part_at(self, frame: int) -> Part:
        """The shot that a frame of the span lies in; the last one goes on to the end."""
        return next((part for part in self.parts if part.start <= frame < part.stop), self.parts[-1])

    @property
    def positions(self) -> range:
        """The span frames of this level's rows."""
        return range(0, self.frames, max(self.stride, 1))


@dataclass(frozen=True)
class Latents:
    """One rendered level: `arrays["x"]` is [positions, ...]; the rest is what decode needs: a file is enough."""

    id: str
    stride: int
    arrays: Arrays
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Heard:
    """A line that is heard over frames [start, stop) of a span.

    who: the entity that speaks, without its look; None for the narrator. mouth: how far the speaker's mouth is open
    at each of these frames, 0..1; empty for who is not seen to speak.
    """

    who: str | None
    start: int
    stop: int
    mouth: tuple[float, ...] = ()


@dataclass(frozen=True)
class Acting:
    """What decoding a span is told beside its latents, in frames of the span: no model is run for it."""

    lines: tuple[Heard, ...] = ()


@dataclass(frozen=True)
class Noise:
    """Something in the picture that is heard: `kind` at `frame` of what was asked for; loud 0..1, pan -1 left .. 1."""

    kind: str
    frame: int
    loud: float = 1.0
    pan: float = 0.0


@dataclass(frozen=True)
class Audio:
    """Sound that a model made itself: float32 [samples, channels] in -1..1."""

    samples: Array
    rate: int


@runtime_checkable
class Backend(Protocol):
    """A renderer's code. Its `version` and `fingerprint` enter every key, so that new weights are new work."""

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def fingerprint(self) -> str:
        """Digest of weights and settings that change results."""
        ...

    def cast(self, requests: Sequence[CastRequest]) -> list[Sheet]:
        """Cast sheets, one per request, in order."""
        ...

    def render(self, requests: Sequence[LevelRequest]) -> list[Latents]:
        """Levels that are ready, of one or several spans, batched as the backend likes; results in order."""
        ...

    def rows(self, latents: Latents, frames: Sequence[int]) -> list[Array]:
        """What a level may be pinned to at these frames of a level, each on one of its positions: rows or pictures."""
        ...

    def decode(
        self, latents: Latents, size: tuple[int, int], start: int = 0, stop: int | None = None,
        acting: Acting | None = None,
    ) -> Iterator[Frame]:  # fmt: skip
        """Frames [start, stop) of a stride-1 span (or panels), streamed: uint8 [height, width, 3]."""
        ...

    def noises(
        self, latents: Latents, start: int = 0, stop: int | None = None, acting: Acting | None = None
    ) -> tuple[Noise, ...]:
        """What is heard of the picture in frames [start, stop), in order; nothing where the backend does not know."""
        ...

    def sound(self, latents: Latents, start: int = 0, stop: int | None = None) -> Audio | None:
        """The sound that the model made beside frames [start, stop) of a stride-1 span, or None."""
        ...

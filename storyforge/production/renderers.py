"""Renderers at hand: each profile that a film names, opened once."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from storyforge.backends import Backend, Capabilities, Profile, missing
from storyforge.backends import open as open_renderer
from storyforge.errors import RenderError, StoryforgeError
from storyforge.resources import version

DEFAULT = "toon"
UNKNOWN = "unknown"  # the fingerprint of a renderer that cannot tell its own: nothing is made by it


# What torch says, of a GPU or of the machine.
OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory")


def reason(error: Exception) -> str:
    """What went wrong, as a part of a sentence."""
    if out_of_memory(error):
        return "it ran out of memory; close other programs, or make the film's size smaller or the shot shorter"
    said = " ".join(str(error).split())
    return (
        said
        if isinstance(error, StoryforgeError)
        else f"{type(error).__name__}: {said}"
        if said
        else type(error).__name__
    )


def out_of_memory(error: Exception) -> bool:
    """Whether a renderer wanted more memory than there is."""
    said = str(error).lower() if isinstance(error, RuntimeError) else ""
    return isinstance(error, MemoryError) or any(words in said for words in OUT_OF_MEMORY)


@dataclass(frozen=True)
class Renderer:
    """An opened profile.

    lacks: why it is not ready on this machine, with the next step, where it was asked by `surveyed`; "" when it is.
    profile: what it was opened from; None for one that a program made.
    """

    name: str
    backend: Backend
    project: Path | None = None  # where profiles of the film's own are found
    cost_per_hour: float = 0.0  # of the machine it runs on
    lacks: str = ""
    profile: Profile | None = None

    @property
    def capabilities(self) -> Capabilities:
        return self.backend.capabilities

    @cached_property
    def fingerprint(self) -> str:
        """Digest of weights and settings; enters every key."""
        return UNKNOWN if self.lacks else self.backend.fingerprint

    @property
    def made_by(self) -> str:
        """What makes its results, for people."""
        return f"storyforge {version()}, {self.name} {self.fingerprint[:8]}"

    @contextmanager
    def blamed(self, work: str) -> Iterator[None]:
        """Turns whatever the renderer raises into a sentence that names it and the work it was at.

        Raises RenderError for one that is not ready, before anything is asked of it.
        """
        if self.lacks:
            raise RenderError(self.lacks)
        try:
            yield
        except StoryforgeError:
            raise
        except Exception as error:
            raise RenderError(f"renderer {self.name} failed at {work}: {reason(error)}") from error

    def key_size(self, size: tuple[int, int]) -> tuple[int, int] | None:
        """The size as far as latents depend on it: not at all for renderers that draw at any size."""
        return None if self.capabilities.size is None else size


def release(made_by: str) -> str:
    """The version in what made something, as `made_by` says it."""
    return made_by.removeprefix("storyforge ").partition(",")[0]


def made_with(made_by: str, renderer: str) -> bool:
    """Whether it was that renderer, by its name, that made something."""
    return maker(made_by) == renderer


def maker(made_by: str) -> str:
    """The name of the renderer in what made something, as `made_by` says it; "" where a source is shown."""
    return made_by.partition(", ")[2].rpartition(" ")[0]


def surveyed(renderer: Renderer) -> Renderer:
    """A renderer with what it lacks here: where it is not ready, what others made of a film is still known."""
    try:
        renderer.fingerprint  # noqa: B018  (it is what needs weights and settings)
    except RenderError as error:
        return replace(renderer, lacks=str(error))
    profile = renderer.profile
    # A checkpoint of which a part was fetched has a fingerprint, too.
    said = missing(profile) if profile else ""
    return replace(renderer, lacks=f"renderer {profile.name} is not ready: {said}") if profile and said else renderer


Open = Callable[[str, Path | None], Renderer]


def opened(name: str, project: Path | None = None) -> Renderer:
    """The renderer of a profile, by its name in renderers/ (the project's own first) or its path."""
    profile, backend = open_renderer(name, project)
    return Renderer(name, backend, project, profile.cost_per_hour, profile=profile)


class Renderers:
    """Opens each renderer when it is first asked for; `open` can be another way to find them."""

    def __init__(self, project: Path | None = None, open: Open = opened) -> None:  # noqa: A002  (it opens)
        self._open, self._project = open, project
        self._known: dict[str, Renderer] = {}

    def __getitem__(self, name: str) -> Renderer:
        if name not in self._known:
            self._known[name] = self._open(name, self._project)
        return self._known[name]

    def surveyed(self) -> "Renderers":
        """The same with what each of them lacks, asked once."""
        return Renderers(open=lambda name, _: surveyed(self[name]))


def cost_per_hour(renderers: Renderers, names: Iterable[str]) -> float:
    """Of the one machine that has to run them all."""
    return max((renderers[name].cost_per_hour for name in names), default=0.0)

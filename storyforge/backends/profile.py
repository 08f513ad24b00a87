"""Renderer profiles: YAML files that name a backend, a checkpoint and parameters; a new model is a new file."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from os import environ
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from storyforge.errors import InputError
from storyforge.resources import root

if TYPE_CHECKING:
    from storyforge.backends.base import Backend

Size = tuple[Annotated[int, Field(ge=16)], Annotated[int, Field(ge=16)]]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Defaults(_Data):
    """What a request without its own gets; null leaves it to the backend."""

    steps: Annotated[int, Field(ge=1)] | None = None
    guidance: Annotated[float, Field(ge=0)] | None = None
    batch: Annotated[int, Field(ge=1)] | None = None
    """Windows or clips a call."""


class Component(_Data):
    """A part of a pipeline that the checkpoint lacks or that replaces its own."""

    kind: str = Field(alias="class")
    """Its class in diffusers, such as MotionAdapter or DDIMScheduler."""
    checkpoint: str | None = None
    """A folder or hub id; null makes it from the checkpoint's own part of that name."""
    dtype: Literal["float32", "bfloat16", "float16"] | None = None
    """Its own precision, where it needs another than the pipeline's."""
    settings: Mapping[str, Any] = {}


class Clip(_Data):
    """What a model makes in one call."""

    frames: Annotated[int, Field(ge=1)]
    fps: Annotated[float, Field(gt=0)]
    size: Size
    """Width and height it was trained for; other shapes get the same area."""
    ratio: Annotated[int, Field(ge=1)] = 1
    """Frames a latent row holds: frames = (rows - 1) * ratio + 1."""
    multiple: Annotated[int, Field(ge=1)] = 16
    """Widths and heights are multiples of it."""


class _Profile(_Data):
    name: str
    """What a storyboard's `renderer:` says; the file's own name unless given."""
    about: str = ""
    licence: str
    """Of the weights."""
    needs: str = ""
    """The machine it wants, in words."""
    cost_per_hour: Annotated[float, Field(ge=0)] = 0.0
    """What an hour of that machine costs you, in whichever currency; then renders say what they cost, and ask."""
    defaults: Defaults = Defaults()
    ignores: Mapping[str, str] = {}
    """Storyboard fields it cannot use, each with what `check` says of it."""
    folder: Path = Field(default=Path(), exclude=True, repr=False)
    """Where the file lies; paths in it start there."""


class ToonProfile(_Profile):
    """The embedded renderer; its weights lie beside the profile."""

    backend: Literal["toon"]
    twos: bool = False
    """Characters on twos (drawn for two frames), the camera on ones; a storyboard's options may say otherwise."""


class DiffusersProfile(_Profile):
    """Any text-to-video pipeline of diffusers."""

    backend: Literal["diffusers"]
    pipeline: str
    """Its class in diffusers, such as WanPipeline."""
    checkpoint: str
    """A folder (from the profile's own) or a hub id."""
    revision: str | None = None
    variant: str | None = None
    dtype: Literal["float32", "bfloat16", "float16"] = "bfloat16"
    """On an accelerator; a CPU computes in float32."""
    device: str | None = None
    """cuda, mps, cpu; null takes the best there is."""
    memory: Literal["whole", "model", "leaf"] = "whole"
    """What lies on the accelerator: everything, one model at a time, or one layer at a time."""
    clip: Clip
    layout: Literal["BCFHW", "BFCHW"] | None = "BCFHW"
    """Axes of the noise it takes as `latents`; null: it draws its own, seeded by the clip's address."""
    keeps: Literal["latents", "pictures"] = "pictures"
    """What a finished clip is kept as; latents need a VAE that the backend can stream."""
    chain: Literal["text", "held", "first", "first_last"] = "text"
    """How a clip goes on from the one before: by text alone, with its last row held, or from its last picture.
    first_last: the pipeline can be told a clip's last picture, too."""
    components: Mapping[str, Component] = {}
    call: Mapping[str, Any] = {}
    """Further arguments of the pipeline's call."""


Profile = Annotated[ToonProfile | DiffusersProfile, Field(discriminator="backend")]
_ADAPTER: TypeAdapter[ToonProfile | DiffusersProfile] = TypeAdapter(Profile)


def profiles(project: Path | None = None) -> tuple[ToonProfile | DiffusersProfile, ...]:
    """Every renderer at hand, by name: the project's hide the user's, and those hide the shipped ones."""
    found: dict[str, ToonProfile | DiffusersProfile] = {}
    for path in _files(project):
        profile = read(path)
        found.setdefault(profile.name, profile)
    return tuple(found[name] for name in sorted(found))


def find(name: str, project: Path | None = None) -> ToonProfile | DiffusersProfile:
    """The profile of that name, or in that file."""
    if name.endswith((".yaml", ".yml")):
        return read((project or Path()) / name)
    named = {profile.name: profile for profile in profiles(project)}
    if name in named:
        return named[name]
    near = get_close_matches(name, named, 1, 0.5)
    raise InputError(
        f"there is no renderer {name!r}: "
        + (f"did you mean {near[0]!r}? " if near else "")
        + f"There are {', '.join(named)} (`storyforge renderers` tells more)"
    )


def read(path: Path) -> ToonProfile | DiffusersProfile:
    """One profile from its file; every mistake in it at once."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot read this profile ({error.strerror}); name a file that exists") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: this profile is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(data, dict):
        raise InputError(f"{path}: a profile is a mapping with at least backend and licence")
    try:
        return _ADAPTER.validate_python({"name": _stem(path)} | data | {"folder": path.parent})
    except ValidationError as error:
        raise InputError("\n".join(f"{path}: {_told(mistake)}" for mistake in error.errors())) from error


def open_profile(name: str, project: Path | None = None) -> tuple[ToonProfile | DiffusersProfile, "Backend"]:
    """A profile and its backend, ready to be asked; weights are loaded at the first cast or render."""
    profile = find(name, project)
    if isinstance(profile, ToonProfile):
        from storyforge.backends.toon.backend import Toon

        given = profile.defaults.model_dump(exclude_none=True)
        return profile, Toon(profile.folder, **given, twos=profile.twos)
    from storyforge.backends.diffusers import Diffusers

    return profile, Diffusers(profile)


def missing(profile: ToonProfile | DiffusersProfile) -> str:
    """What keeps a renderer from starting here, with the next step; "" when it is ready. Loads nothing heavy."""
    if isinstance(profile, ToonProfile):
        weights = profile.folder / "weights.safetensors"
        return "" if weights.is_file() else f"{weights} is missing: reinstall storyforge-film"
    wanted = [profile.checkpoint, *(part.checkpoint for part in profile.components.values() if part.checkpoint)]
    gone = [name for name in wanted if located(name, profile) is None]
    return f"it needs the checkpoint {gone[0]}: `hf download {gone[0]}` fetches it" if gone else ""


def located(checkpoint: str, profile: DiffusersProfile) -> Path | None:
    """The folder of a checkpoint on this machine: beside the profile, as given, or in the hub's cache."""
    for folder in (profile.folder / checkpoint, Path(checkpoint).expanduser()):
        if folder.is_dir():
            return folder
    hub = Path(
        environ.get("HF_HUB_CACHE") or Path(environ.get("HF_HOME") or "~/.cache/huggingface") / "hub"
    ).expanduser()
    snapshots = hub / f"models--{checkpoint.replace('/', '--')}" / "snapshots"
    named = hub / snapshots.parent / "refs" / (profile.revision or "main")
    if named.is_file():
        snapshots = snapshots / named.read_text().strip()
        return snapshots if snapshots.is_dir() else None
    at = snapshots / (profile.revision or "main")
    return at if at.is_dir() else None


def _files(project: Path | None) -> Iterator[Path]:
    """Profile files in the order they are looked for."""
    config = Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "storyforge" / "renderers"
    own = (project / "renderers",) if project else ()
    for folder in (*own, config, Path(str(root("renderers")))):
        yield from sorted([*folder.glob("*.yaml"), *folder.glob("*/profile.yaml")])


def _stem(path: Path) -> str:
    return path.parent.name if path.name == "profile.yaml" else path.stem


def _told(mistake: Any) -> str:
    """A validation error as `key: what is wrong`; the discriminator's own name is left out of the path."""
    if mistake["type"] == "union_tag_invalid":
        return f"backend: {mistake['ctx']['tag']!r} is none of {mistake['ctx']['expected_tags']}"
    place = ".".join(str(step) for step in mistake["loc"] if step not in ("toon", "diffusers")) or "profile"
    return f"{place}: {mistake['msg'][0].lower()}{mistake['msg'][1:]}"

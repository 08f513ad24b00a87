"""Renderer profiles: YAML files that name a backend, a checkpoint and parameters; a new model is a new file."""

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from storyforge.backends.checkpoints import located as _located
from storyforge.backends.data import Described
from storyforge.backends.models import (
    Clip,
    Control,
    DiffusersProfile,
    Keyframes,
    Lora,
    Memory,
    Network,
    Prompts,
    References,
    Video,
    Windows,
)
from storyforge.backends.ready import lack, revision
from storyforge.errors import InputError
from storyforge.storyboard import profile_files, profile_name

if TYPE_CHECKING:
    from storyforge.backends.base import Backend


class ToonProfile(Described):
    """The embedded renderer; its weights lie beside the profile."""

    backend: Literal["toon"]
    twos: bool = False
    """Characters on twos (drawn for two frames), the camera on ones; a storyboard's options may say otherwise."""


Profile = Annotated[ToonProfile | DiffusersProfile, Field(discriminator="backend")]
_ADAPTER: TypeAdapter[ToonProfile | DiffusersProfile] = TypeAdapter(Profile)


def profiles(project: Path | None = None) -> tuple[ToonProfile | DiffusersProfile, ...]:
    """Every renderer at hand, by name: the project's hide the user's, and those hide the shipped ones."""
    found: dict[str, ToonProfile | DiffusersProfile] = {}
    for _, path in profile_files(project):
        profile = read(path)
        found.setdefault(profile.name, profile)
    return tuple(found[name] for name in sorted(found))


def find(name: str, project: Path | None = None) -> ToonProfile | DiffusersProfile:
    """The profile of that name, or in that file; no other is read."""
    if name.endswith((".yaml", ".yml")):
        return read((project or Path()) / name)
    named: dict[str, Path] = {}
    for called, path in profile_files(project):
        named.setdefault(called, path)
    if name in named:
        return read(named[name])
    near = get_close_matches(name, named, 1, 0.5)
    raise InputError(
        f"there is no renderer {name!r}: "
        + (f"did you mean {near[0]!r}? " if near else "")
        + f"There are {', '.join(sorted(named))} (`storyforge renderers` tells more)"
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
        return _ADAPTER.validate_python({"name": profile_name(path)} | data | {"folder": path.parent})
    except ValidationError as error:
        raise InputError("\n".join(f"{path}: {_told(mistake)}" for mistake in error.errors())) from error


def open_profile(name: str, project: Path | None = None) -> tuple[ToonProfile | DiffusersProfile, "Backend"]:
    """A profile and its backend, ready to be asked; weights are loaded at the first cast or render."""
    profile = find(name, project)
    if isinstance(profile, ToonProfile):
        from storyforge.backends.toon.backend import Toon

        given = profile.defaults.model_dump(exclude_none=True)
        return profile, Toon(profile.folder, **given, twos=profile.twos)
    from storyforge.backends.unloaded import Unloaded

    return profile, Unloaded(profile)


def missing(profile: ToonProfile | DiffusersProfile) -> str:
    """What keeps a renderer from starting here, with the next step; "" when it is ready. Loads nothing heavy."""
    if isinstance(profile, ToonProfile):
        weights = profile.folder / "weights.safetensors"
        return "" if weights.is_file() else f"{weights} is missing: reinstall storyforge-film"
    return lack(networks(profile), profile.folder)


def networks(profile: DiffusersProfile) -> tuple[Network, ...]:
    """Every pipeline that a profile runs: the video model's, then those of its roles."""
    return tuple(network for network in (profile, profile.painter, profile.refine) if network)


def located(checkpoint: str, profile: DiffusersProfile, network: Network | None = None) -> Path | None:
    """The folder of a checkpoint on this machine: beside the profile, as given, or in the hub's cache."""
    network = network or profile
    return _located(checkpoint, profile.folder, revision(network, checkpoint))


_SHAPES = (
    ToonProfile, DiffusersProfile, Keyframes, Clip, Memory, Windows, Prompts, References, Control, Video, Lora,
)  # fmt: skip
_KEYS = sorted({name for shape in _SHAPES for name in shape.model_fields})


def _told(mistake: Any) -> str:
    """A validation error as `key: what is wrong`; the discriminator's own name is left out of the path."""
    if mistake["type"] == "union_tag_invalid":
        return f"backend: {mistake['ctx']['tag']!r} is none of {mistake['ctx']['expected_tags']}"
    if mistake["type"] == "extra_forbidden":
        key = str(mistake["loc"][-1])
        near = get_close_matches(key, _KEYS, 1, 0.7)
        return f"{key}: a profile has no such key" + (f"; did you mean {near[0]}?" if near else "")
    place = ".".join(str(step) for step in mistake["loc"] if step not in ("toon", "diffusers")) or "profile"
    return f"{place}: {mistake['msg'][0].lower()}{mistake['msg'][1:]}"

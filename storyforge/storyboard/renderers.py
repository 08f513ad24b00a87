"""What a storyboard may know of renderers, from their profiles as they are written: names, what each ignores and takes.

Nothing of a renderer is loaded; a profile that is wrong is read as far as it goes, and its backend complains of it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import lcm
from os import environ
from pathlib import Path as File
from typing import Any

from storyforge import clock
from storyforge.conform import Chain, Native
from storyforge.resources import root, words
from storyforge.storyboard.inheritance import OWN_SOUND
from storyforge.storyboard.model import Storyboard
from storyforge.storyboard.resolve import NATIVE, RENDERER, Resolved, resolve

JOINED = ("held", "mask", "inpaint", "conditions", "sparse")  # known pictures lie anywhere in a call, of several shots


@dataclass(frozen=True)
class Renderer:
    """A profile as far as `check` needs it: `ignores` maps fields to a reason.

    native: what it makes in one call, where it has a rate and a size of its own. restyles: whether it can start from a
    film; controls: the kinds of film that can drive it; driven: whether one must. begins: whether the only picture that
    it can be shown is its first. starts: whether it cannot but start from a film. sounds: whether it makes sound.
    windows: whether it makes a flow in one call. clip: frames of a call that hears one prompt; 0 where none does.
    joined: whether shots of a flow may lie in one such.
    """

    name: str
    ignores: Mapping[str, str] = field(default_factory=dict)
    vocabulary: Mapping[str, Any] | None = None
    native: Native | None = None
    restyles: bool = False
    controls: tuple[str, ...] = ()
    driven: bool = False
    begins: bool = False
    starts: bool = False
    sounds: bool = False
    windows: bool = False
    clip: int = 0
    joined: bool = False


def files(folder: File | None) -> Iterator[tuple[str, File]]:
    """Names and files of all profiles: the storyboard's own folder, the user's, then the shipped ones."""
    config = File(environ.get("XDG_CONFIG_HOME") or File.home() / ".config") / "storyforge" / "renderers"
    for place in (*((folder / "renderers",) if folder else ()), config, File(str(root("renderers")))):
        for file in sorted([*place.glob("*.yaml"), *place.glob("*/profile.yaml")]):
            yield name_of(file), file


def name_of(file: File) -> str:
    """The name a profile gives itself, else its file's or (of profile.yaml) its folder's."""
    try:
        seen = file.stat()
        given = _given(file, seen.st_mtime_ns, seen.st_size)
    except OSError:  # told when it is read whole
        given = None
    return given or (file.parent.name if file.name == "profile.yaml" else file.stem)


@lru_cache(maxsize=1024)
def _given(file: File, changed: int, size: int) -> str | None:
    """The name within, read once while the file stays as it is: every reading of a storyboard asks for all names."""
    text = file.read_text(encoding="utf-8", errors="replace")
    found = re.search(r"^name:\s*[\"']?([^\s\"'#]+)", text, re.MULTILINE)
    return found[1] if found else None


def names(folder: File | None) -> tuple[str, ...]:
    """Names of all profiles at hand."""
    return tuple(sorted({name for name, _ in files(folder)}))


def renderer(name: str, folder: File | None, vocabulary: Mapping[str, Any] | None = None) -> Renderer:
    """What a renderer ignores and can draw; one that is not at hand ignores nothing that we know of."""
    if name.endswith((".yaml", ".yml")):
        file = (folder or File()) / name
    else:
        file = next((file for known, file in files(folder) if known == name), File())
    if not file.is_file():
        return Renderer(name)
    if vocabulary is None and (beside := file.with_name("vocabulary.yaml")).is_file():
        vocabulary = listed(beside)
    data = read(file)
    told = {str(key): str(value) for key, value in mapping(data, "ignores").items()}
    control = mapping(data, "control")
    kinds = control.get("kinds")
    controls = tuple(map(str, kinds)) if isinstance(kinds, list) else ()
    windows, made = data.get("longer") == "windows", mapping(data, "clip").get("frames")
    one = isinstance(made, int) and not mapping(data, "prompts")
    return Renderer(
        name, told, vocabulary, native(data), data.get("source") is not None, controls,
        control.get("needed") is True, data.get("infill") in ("extend", *(() if windows else ("first",))),
        data.get("source") is not None and mapping(data, "source").get("needed") is not False,
        data.get("sound") is True,
        windows, int(made or 0) if one else 0, windows or data.get("infill") in JOINED,
    )  # fmt: skip


def mapping(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A mapping within a profile; empty where there is none."""
    found = data.get(key)
    return found if isinstance(found, Mapping) else {}


def native(data: Mapping[str, Any]) -> Native | None:
    """What a profile's model makes in one call."""
    clip = mapping(data, "clip")
    try:
        width, height = map(int, clip["size"])
        step, levels = int(clip.get("step") or clip.get("ratio", 1)), [int(one) for one in data.get("levels") or (1,)]
        # Lengths are whole steps; a model that knows both ends of a clip alone makes it up to the next keyframe.
        step = lcm(max(levels), step) if data.get("both") else step
        least = int(clip["frames"]) if clip.get("fixed") else int(clip.get("least", 1))
        frames, rate, multiple = int(clip["frames"]), clock.exact(clip["fps"]), int(clip.get("multiple", 16))
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None
    if rate <= 0 or min(frames, multiple, width, height, step, least, *levels) <= 0:
        return None
    between = levels[-2] if len(levels) > 1 else frames - 1
    chain = Chain(frames, step, between, least) if data.get("indices") == "rows" and between > 0 else None
    return Native(least, rate, (width, height), step, multiple, bool(clip.get("rigid")), chain)


def filmed(board: Storyboard, folder: File | None) -> Resolved:
    """The film in frames, at its renderer's native size; what a renderer cannot restyle is shown as it is."""
    known: dict[str, Renderer] = {}

    def profile(name: str) -> Renderer:
        return known.setdefault(name, known.get(name) or renderer(name, folder, {}))

    shots = [shot for scene in board.scenes for shot in scene.shots]
    drawn = any(shot.source is None or shot.strength for shot in shots)
    size = profile(board.renderer or RENDERER).native if drawn else None
    return resolve(board, size.size if size else NATIVE, lambda name: profile(name).restyles)


def conforms(resolved: Resolved, folder: File | None) -> list[str]:
    """How the frames and size of each renderer with a rate of its own become the film's, by its longest stretch.

    It is said of one whose sound is heard, too.
    """
    spans: dict[str, list[list[int]]] = {}
    names: dict[str, list[str]] = {}
    heard: set[str] = set()
    for span in resolved.spans:
        shots = [resolved.shots[index] for index in span]
        if shots[0].shown is None:
            heard |= {one.renderer for one in shots if one.options.get(one.renderer, {}).get(OWN_SOUND) is not False}
            spans.setdefault(shots[0].renderer, []).append([shot.frames for shot in shots])
            names.setdefault(shots[0].renderer, []).append("..".join(dict.fromkeys((shots[0].id, shots[-1].id))))
    out = []
    for name, found in spans.items():
        able = renderer(name, folder, {})
        model = able.native
        if model is None:
            continue
        at = max(range(len(found)), key=lambda index: sum(found[index]))
        told = model.told(sum(found[at]), found[at], resolved.rate, resolved.size, resolved.board.rate)
        if able.sounds and name in heard:
            faster = resolved.board.rate == "native" and model.rate != resolved.rate
            told += "; its own sound is heard" + " at that speed, so higher or lower" * faster
            told += ", and no ambience and effects"
        out.append(f"{name}: {told}" + (f" ({names[name][at]}, its longest)" if len(found) > 1 else ""))
    return out


def read(file: File) -> Mapping[str, Any]:
    """A profile's data; anything but a mapping is read as an empty one (its backend will complain of it)."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError):
        return {}
    return data if isinstance(data, Mapping) else {}


def listed(file: File) -> Mapping[str, Any]:
    """A vocabulary; anything but a mapping is read as an empty one."""
    from yaml import YAMLError

    try:
        data = words(file.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError):
        return {}
    return data if isinstance(data, Mapping) else {}

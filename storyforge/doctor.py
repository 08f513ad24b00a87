"""Looks this machine over: Python, packages, other programs called storyforge, torch, space, fonts, renderers."""

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Literal

DISTRIBUTION = "storyforge-film"
FOREIGN = "storyforge"  # another story program on the registry, with this module's and this command's name
SPACE = 2 * 10**9  # bytes: a film's store, with its takes, stays below this for tens of minutes
NEWEST_UNTRIED = (3, 15)

Level = Literal["good", "warning", "problem"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `sentence` says what is there and, where it is not good, what to do."""

    level: Level
    subject: str
    sentence: str


def examine(folder: Path | None = None) -> list[Finding]:
    """Everything that was found; `folder` is where films will be made (the current one).

    A check that fails itself is a finding too: a doctor that stops at the first illness is of no use.
    """
    place = folder or Path.cwd()
    checks: list[Callable[[], Iterator[Finding]]] = [
        python, own_package, foreign_package, foreign_command, packages, threads, lambda: space(place), fonts, codec,
        voice, planner, renderers,
    ]  # fmt: skip
    found: list[Finding] = []
    for check in checks:
        try:
            found += check()
        except Exception as error:
            name = getattr(check, "__name__", "check")
            found.append(Finding("problem", name, f"could not be looked at: {type(error).__name__}: {error}"))
    return found


def python() -> Iterator[Finding]:
    """The Python that runs this."""
    running = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    if sys.version_info >= NEWEST_UNTRIED:
        yield Finding("warning", "Python", f"{running} is newer than storyforge was tried with; 3.11 to 3.14 are safe")
    else:
        yield Finding("good", "Python", f"{running} at {sys.executable}")


def own_package() -> Iterator[Finding]:
    """The version of storyforge, and where its code is."""
    here = Path(__file__).parent
    try:
        yield Finding("good", "storyforge", f"{version(DISTRIBUTION)} at {here}")
    except PackageNotFoundError:
        yield Finding("warning", "storyforge", f"runs from {here}, not installed: run `pip install -e .` there")


def foreign_package() -> Iterator[Finding]:
    """The registry's other `storyforge`, which overwrites this module's files when both are installed."""
    try:
        other = distribution(FOREIGN)
    except PackageNotFoundError:
        return
    yield Finding(
        "problem",
        "other storyforge",
        f"the distribution `{FOREIGN}` {other.version}{written_by(other)} is another program with this module's name; "
        f"remove it with `{sys.executable} -m pip uninstall {FOREIGN}`, then install {DISTRIBUTION} again",
    )


def written_by(other: Distribution) -> str:
    """` (its own one-line description)`, so that the user recognises it."""
    summary = other.metadata.get_all("Summary", [""])[0]
    return f" ({summary.rstrip('.')})" if summary else ""


def foreign_command() -> Iterator[Finding]:
    """A `storyforge` command, or module, that is found before this one."""
    command = shutil.which("storyforge")
    own = Path(sys.executable).parent
    if command and Path(command).parent.resolve() != own.resolve():
        yield Finding(
            "warning",
            "command",
            f"`storyforge` typed in this shell starts {command}, not this installation; "
            f"call {own / 'storyforge'}, or put {own} first in PATH",
        )
    here = Path(__file__).parent.resolve()
    for entry in map(Path, filter(None, sys.path)):
        module = entry / "storyforge"
        if (module / "__init__.py").exists() and module.resolve() != here:
            yield Finding("warning", "module", f"{module} is another module called storyforge on the path; remove it")


def packages() -> Iterator[Finding]:
    """Every package storyforge needs: installed, and in the range it was made for."""
    from packaging.requirements import Requirement

    try:
        lines = distribution(DISTRIBUTION).requires or []
    except PackageNotFoundError:
        return
    right = []
    for need in map(Requirement, lines):
        if need.marker is not None and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            installed = version(need.name)
        except PackageNotFoundError:
            yield Finding("problem", need.name, f"is not installed; run `{sys.executable} -m pip install '{need}'`")
            continue
        if need.specifier.contains(installed, prereleases=True):
            right.append(f"{need.name} {installed}")
        else:
            fix = f"{sys.executable} -m pip install '{need}'"
            yield Finding("warning", need.name, f"{installed} is outside {need.specifier}; run `{fix}`")
    yield Finding("good", "packages", ", ".join(right))


def threads() -> Iterator[Finding]:
    """What torch computes with."""
    import torch

    count, cores = torch.get_num_threads(), cores_here()
    device = torch.cuda.get_device_name(0) if torch.cuda.is_available() else "no GPU"
    said = f"{torch.__version__}, {count} thread{'s' * (count != 1)} on {cores} core{'s' * (cores != 1)}, {device}"
    if count > cores:
        yield Finding("warning", "torch", f"{said}; more threads than cores is slower: set OMP_NUM_THREADS={cores}")
    else:
        yield Finding("good", "torch", said)


def cores_here() -> int:
    """Cores this process may use, which in a container can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def space(folder: Path) -> Iterator[Finding]:
    """Room on the disk where films are made."""
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:.1f} GB free at {folder}"
    if not os.access(folder, os.W_OK):
        yield Finding("problem", "disk", f"{folder} cannot be written to; work in another folder")
    elif free < SPACE:
        yield Finding("warning", "disk", f"{said}; a film and its store may need {SPACE / 1e9:.0f} GB: make room")
    else:
        yield Finding("good", "disk", said)


def fonts() -> Iterator[Finding]:
    """Whether captions can be drawn at any size, and whether this machine has letters of other scripts."""
    from PIL import features

    if not features.check("freetype2"):
        yield Finding("problem", "fonts", "this Pillow has no FreeType, so captions cannot be drawn; reinstall pillow")
        return
    from storyforge.film import OWN_FONTS, shapes, wanting

    yield Finding("good", "fonts", f"captions are drawn with Pillow and FreeType {features.version('freetype2')}")
    lacking: dict[str, list[str]] = {}
    for script in wanting():
        lacking.setdefault(script.packages, []).append(script.name)
    for packages, names in lacking.items():
        install = f"install {packages}, or put a font into a folder and name that in {OWN_FONTS}"
        yield Finding("warning", "letters", f"no typeface here has {' or '.join(names)} letters; for these, {install}")
    if not shapes():
        yield Finding(
            "warning",
            "letters",
            "this Pillow has no Raqm, so Arabic, Hebrew and Indic letters are not joined or turned; install FriBiDi "
            "(Debian: libfribidi0, macOS: brew install fribidi), or a wheel of pillow from the registry",
        )


def codec() -> Iterator[Finding]:
    """Whether the film can be written as H.264."""
    import av

    try:
        av.codec.Codec("libx264", "w")
    except ValueError:
        yield Finding("problem", "video", f"this av {av.__version__} cannot write H.264; reinstall it: pip install av")
    else:
        yield Finding("good", "video", f"av {av.__version__} writes H.264 (libx264)")


def voice() -> Iterator[Finding]:
    """What says lines and narration."""
    from storyforge.film.sound import speech_program

    program = speech_program()
    if program:
        yield Finding("good", "voice", f"{program} says lines and narration")
        return
    how = "Debian, Ubuntu: apt install espeak-ng, Fedora: dnf install espeak-ng, macOS: brew install espeak-ng"
    windows = "Windows: its installer from github.com/espeak-ng/espeak-ng/releases"
    said = "no espeak-ng: characters babble and the narrator is silent; install espeak-ng"
    yield Finding("warning", "voice", f"{said} ({how}, {windows})")


def planner() -> Iterator[Finding]:
    """Who reads stories: a key alone never spends money, and saying so here answers the question before it is asked."""
    named = os.environ.get("STORYFORGE_PLANNER")
    key = "; OPENAI_API_KEY is set, and used only when a planner is named" if os.environ.get("OPENAI_API_KEY") else ""
    if named and not re.fullmatch(r"offline|scripted.*|(openai|langchain):.+", named):
        choices = "offline, openai:MODEL or langchain:PROVIDER:MODEL"
        yield Finding("warning", "planner", f"STORYFORGE_PLANNER is `{named}`, which names none; set it to {choices}")
    else:
        yield Finding("good", "planner", f"{named or 'offline'} reads stories{key}")


def renderers() -> Iterator[Finding]:
    """Renderers that are ready; those that are half here, each with what it lacks; how many were never fetched."""
    from storyforge import backends

    found = {profile.name: backends.missing(profile) for profile in backends.profiles(Path())}
    ready = [name for name, lack in found.items() if not lack]
    yield Finding("good", "renderers", f"{', '.join(ready) or 'none'} {'is' if len(ready) == 1 else 'are'} ready")
    absent = [name for name, lack in found.items() if lack.startswith("it needs the checkpoint")]
    for name, lack in found.items():
        if lack and name not in absent:
            yield Finding("warning", f"renderer {name}", f"is not ready: {lack}")
    if absent:
        more = f"{len(absent)} more renderer{'s' * (len(absent) != 1)}"
        tells = "`storyforge renderers NAME` tells what one needs and the command that fetches it"
        yield Finding("warning", "renderers", f"the checkpoints of {more} are not on this machine: {tells}")

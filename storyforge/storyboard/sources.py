"""Sources: what a shot shows as it is (a colour, a picture, a film beside the storyboard), and recordings it plays."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path as File
from typing import TYPE_CHECKING, Literal

from storyforge.errors import InputError
from storyforge.storyboard.sentences import nearest

if TYPE_CHECKING:
    from storyforge.storyboard.model import Control, Shot
    from storyforge.storyboard.resolve import ResolvedShot

Path = tuple[str | int, ...]
Colour = tuple[int, int, int]

MOVING = (
    "GIF",
    "PNG",
)  # formats of pictures that can also hold a film; other formats with several pictures do not move
UNREAD = (".heic", ".heif", ".hif")
DRAWN = ("cast", "props", "action", "beats", "keyframes", "prompt")  # what a renderer would read of a shot
FRAMED = ("shot", "on", "over", "angle")  # what it would read of a camera
UNMOVED = {  # moves that a flat picture cannot make
    "tracking": "there is nobody in it to follow (pan-left and pan-right move over it)",
}
UNHEARD = "{name} cannot be read as sound ({why}): give a wav, mp3, flac, ogg, opus or m4a file"


@dataclass(frozen=True)
class Media:
    """A picture or a film on disk: width and height as they are stored, and how long a film lasts, where it says."""

    kind: Literal["picture", "film"]
    size: tuple[int, int]
    seconds: Fraction | None = None


def colour(source: str) -> Colour | None:
    """Red, green and blue of a colour: #rrggbb, #rgb, or a name that CSS knows; None for anything else."""
    digits = source.removeprefix("#")
    if source.startswith("#"):
        if len(digits) not in (3, 6) or not all(letter in "0123456789abcdefABCDEF" for letter in digits):
            return None
        pairs = digits if len(digits) == 6 else "".join(2 * letter for letter in digits)
        return int(pairs[0:2], 16), int(pairs[2:4], 16), int(pairs[4:6], 16)
    if not source.isascii() or not source.isalpha():
        return None
    from PIL import ImageColor

    found = ImageColor.colormap.get(source.casefold())
    if found is None:
        return None
    red, green, blue, *_ = ImageColor.getrgb(str(found))
    return red, green, blue


def mistaken(source: str) -> str | None:
    """What is wrong with something that looks like a colour and is none; None for what looks like a file."""
    if source.startswith("#"):
        return f"{source} is no colour: write # and six digits, such as #102030"
    if not (source.isascii() and source.isalpha()):
        return None
    from PIL import ImageColor

    near = nearest(source.casefold(), list(ImageColor.colormap))
    return f"there is no colour {source}; did you mean {near}?" if near else None


def shown(shot: "Shot", renderer: str, restyles: Callable[[str], bool]) -> str | None:
    """The source that a shot shows as it is: none where its renderer makes something of it. Colours stay colours."""
    made = shot.source is not None and shot.strength and restyles(renderer) and colour(shot.source) is None
    return None if made else shot.source


def media(path: File) -> Media:
    """What a file is, from its first bytes. Raises InputError when it is neither a picture nor a film."""
    from PIL import Image, UnidentifiedImageError

    if path.suffix.lower() in UNREAD:  # the film decoder would show one tile of it
        raise InputError(f"{path.name} is a HEIC picture, which cannot be read; save it as JPEG")
    try:
        with Image.open(path) as picture:
            if not (picture.format in MOVING and getattr(picture, "is_animated", False)):
                return Media("picture", picture.size)
    except Image.DecompressionBombError:
        raise InputError(f"{path.name} has more pixels than can be read safely; save a smaller copy") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        if not path.is_file():
            raise InputError(f"{path.name} is not there any more; put it back, or name another file") from None
    return _film(path)


def _film(path: File) -> Media:
    import av

    neither = f"{path.name} is neither a picture nor a film that can be read; save it as PNG, JPEG or MP4"
    try:
        with av.open(str(path)) as file:
            if not file.streams.video:
                raise InputError(f"{path.name} has no picture, only sound; name a picture or a film")
            stream = file.streams.video[0]
            lasts = None
            if stream.duration and stream.time_base:
                lasts = Fraction(stream.duration * stream.time_base)
            elif file.duration:
                lasts = Fraction(file.duration, av.time_base)
            size = (stream.width, stream.height)
    except (OSError, av.FFmpegError):
        raise InputError(neither) from None
    if not all(size):
        raise InputError(neither)
    return Media("film", size, lasts)


def audible(path: File, name: str) -> None:
    """Decodes a recording's beginning; `name` is the file as the storyboard has it. Raises InputError for no sound."""
    import av

    why: object = "it is empty"
    try:
        with av.open(str(path)) as file:
            if not file.streams.audio:
                why = "it has no sound"
            elif next(file.decode(file.streams.audio[0]), None) is not None:
                return
    except (OSError, av.FFmpegError) as error:
        why = error.strerror or error
    raise InputError(UNHEARD.format(name=name, why=why))


def surprises(
    shot: "ResolvedShot", folder: File, lasts: Fraction, controls: Sequence[str] = ()
) -> Iterator[tuple[Path, str]]:
    """What will not be seen of a shot with a source or a control as it is written: (path within the shot, sentence).

    folder: the storyboard's. lasts: seconds of the shot. controls: the kinds of film that can drive its renderer.
    """
    source, camera, written = shot.shot.source, shot.camera, shot.shot
    if written.control is not None:
        yield from _driven(shot, written.control, folder, lasts, controls)
    if source is None:
        return
    if shot.shown is None:
        if written.strength == 1:
            yield ("strength",), f"strength 1 makes all of {source} anew, so that nothing of it is seen in {shot.id}"
        yield from _lasting(shot.id, source, folder / source, lasts, "it cannot be restyled in")
        return
    shows, plain = f"{shot.id} shows its source as it is", colour(source) is not None
    for key in DRAWN:
        if getattr(written, key):
            yield (key,), f"{shows}: {key} is ignored"
    if written.strength:
        cannot = f"{source} is a colour, of which nothing" if plain else f"{shot.renderer} restyles no source, so none"
        yield ("strength",), f"{cannot} is restyled: strength ({written.strength:g}) is ignored"
    for key in FRAMED:
        if getattr(camera, key):
            yield ("camera", key), f"{shows}: of its camera only the move is read, and {key} is ignored"
    if camera.move in UNMOVED:
        yield ("camera", "move"), f"{shows}: {UNMOVED[camera.move]}, and {camera.move} is ignored"
    elif plain and camera.move not in (None, "static"):
        yield ("camera", "move"), f"{shot.id} shows one colour, in which nothing moves: {camera.move} is ignored"
    if not plain:
        yield from _lasting(shot.id, source, folder / source, lasts)


def _driven(
    shot: "ResolvedShot", control: "Control", folder: File, lasts: Fraction, controls: Sequence[str]
) -> Iterator[tuple[Path, str]]:
    """A film that cannot drive its shot, by its kind or by what it is."""
    if shot.shown is not None:
        yield ("control",), f"{shot.id} shows its source as it is: control is ignored"
    elif control.kind not in controls:
        can = f"takes {' and '.join(controls)}" if controls else "cannot be driven by a film"
        yield ("control", "kind"), f"{shot.renderer} {can}: control ({control.kind}) is ignored"
    else:
        for _, said in _lasting(shot.id, control.video, folder / control.video, lasts, "it cannot drive"):
            yield ("control", "video"), said


def _lasting(
    name: str, source: str, path: File, lasts: Fraction, what: str = "a card will stand for"
) -> Iterator[tuple[Path, str]]:
    """A file that cannot be read, or a film that ends before its shot."""
    if not path.is_file():
        return  # a mistake, told by the rules
    try:
        found = media(path)
    except InputError as error:
        yield ("source",), f"{error}: {what} {name}"
        return
    if found.seconds is not None and found.seconds < lasts - Fraction(1, 10):
        has, needs = f"{float(found.seconds):.1f} s", f"{float(lasts):.1f} s"
        yield ("source",), f"{source} lasts {has} and {name} {needs}: its last picture is held"

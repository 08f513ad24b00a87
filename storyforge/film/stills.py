"""Pictures from disk: turned upright, in sRGB, 8 bits, and no larger than a film needs.

Read once: a JPEG is reduced while it is decoded, anything else right after, before its colours are converted.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Self

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from storyforge.errors import RenderError
from storyforge.film.moves import Window

ORIENTATION, TURNED = 0x0112, (5, 6, 7, 8)  # EXIF's tag, and its values that swap width and height
GROUND = (0, 0, 0)  # behind what is transparent, as in editing programs


class Still:
    """An opened picture; use it in its `with`. size: width and height as it was taken."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with warnings.catch_warnings(), self._read("not a picture that can be read"):
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the film-maker's own, and large
            self._file = Image.open(path)
        try:
            with self._read("damaged"):
                turned = self._file.getexif().get(ORIENTATION, 1) in TURNED
        except RenderError:
            self._file.close()
            raise
        self.size = self._file.size[::-1] if turned else self._file.size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def part(self, window: Window, size: tuple[int, int]) -> Image.Image:
        """A window of the picture (in pixels of `self.size`) at `size`, as sRGB; it is decoded once, so ask once."""
        file, scale = self._file, max(size[0] / window.width, size[1] / window.height)
        with self._read("damaged"):
            file.draft(file.mode, (round(file.width * scale), round(file.height * scale)))  # JPEGs: 1/2, 1/4 or 1/8
            file.load()
            profile = file.info.get("icc_profile")
            picture = _eight_bits(ImageOps.exif_transpose(file))
        finer = (picture.width / self.size[0], picture.height / self.size[1])
        left, top, right, bottom = window.within(Window(0, 0, 0, 0), finer).box
        box = (max(0.0, left), max(0.0, top), min(right, picture.width), min(bottom, picture.height))
        return _flat(picture.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0), profile)

    @contextmanager
    def _read(self, how: str) -> Iterator[None]:
        """Turns what goes wrong into a sentence."""
        try:
            yield
        except Image.DecompressionBombError:
            raise RenderError(
                f"{self.path.name} has more pixels than can be read safely; save a smaller copy"
            ) from None
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError) as error:
            why = " ".join(str(error).split()) or type(error).__name__
            raise RenderError(f"{self.path.name} is {how} ({why}); save it anew, as PNG or JPEG") from error


def _eight_bits(picture: Image.Image) -> Image.Image:
    """The picture in a form that can be scaled: palettes spelled out, 16 bits and floating point as 8."""
    if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
        levels = np.asarray(picture, np.float64)
        most = levels.max(initial=0)
        top = 1.0 if picture.mode == "F" and most <= 1 else 255.0 if most <= 255 else 65535.0
        return Image.fromarray(np.rint(np.clip(levels / top, 0, 1) * 255).astype(np.uint8))
    if picture.has_transparency_data and picture.mode not in ("RGBA", "LA"):
        return picture.convert("RGBA")
    return picture if picture.mode in ("L", "LA", "RGB", "RGBA", "CMYK", "LAB") else picture.convert("RGB")


def _flat(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Opaque sRGB: the colours by the picture's own profile where it has one, what is transparent over black."""
    alpha = picture.getchannel("A") if picture.mode in ("RGBA", "LA") else None
    if alpha is not None:
        picture = picture.convert("RGB" if picture.mode == "RGBA" else "L")
    picture = _in_srgb(picture, profile)
    if alpha is None:
        return picture
    return Image.composite(picture, Image.new("RGB", picture.size, GROUND), alpha)


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if picture.mode == "LAB":
        return _converted(picture, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))
    if profile:
        # a profile that is broken, or made for other pictures, is no reason to refuse this one
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            return _converted(picture, ImageCms.ImageCmsProfile(BytesIO(profile)))
    return picture.convert("RGB")


def _converted(picture: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    intent = ImageCms.Intent.PERCEPTUAL
    made = ImageCms.profileToProfile(picture, profile, _srgb(), intent, outputMode="RGB")
    return picture.convert("RGB") if made is None else made


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))

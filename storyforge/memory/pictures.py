"""Pictures the user gave of an entity, read for renderers that can take them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from storyforge.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST = 1024  # pixels; larger pictures are scaled down, no renderer reads more


def picture(path: Path) -> "NDArray[np.uint8]":
    """A picture file as uint8 [height, width, 3], at most LONGEST pixels a side, turned the way it was taken."""
    import numpy as np
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(path) as file:
            upright = ImageOps.exif_transpose(file).convert("RGB")
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such picture; correct its path in the storyboard") from error
    except (UnidentifiedImageError, OSError) as error:
        raise InputError(f"{path}: not a picture that can be read (PNG, JPEG, WebP); replace it") from error
    upright.thumbnail((LONGEST, LONGEST))
    return np.asarray(upright, np.uint8)


def pictures(paths: Sequence[Path], most: int) -> "tuple[NDArray[np.uint8], ...]":
    """The first `most` pictures (a renderer's `references`)."""
    return tuple(picture(path) for path in paths[:most])

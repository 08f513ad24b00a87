"""A film for users' own scripts: handed to moviepy, which only this module knows (DESIGN 9)."""

from pathlib import Path
from typing import TYPE_CHECKING

from storyforge.errors import InputError

if TYPE_CHECKING:
    from moviepy import VideoClip


def video_clip(path: Path) -> "VideoClip":
    """A film file as a moviepy clip, with sound where the file has it; its pictures are read as they are asked for.

    The clip holds a process that decodes the file: close it, or use it in a `with`. Raises InputError when the file
    cannot be read.
    """
    from moviepy import VideoFileClip  # half a second, and nobody else needs it

    try:
        return VideoFileClip(str(path))
    except (OSError, KeyError) as error:
        raise InputError(f"{path} cannot be read as a film; render it again") from error

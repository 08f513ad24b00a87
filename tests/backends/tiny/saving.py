"""Where a tiny checkpoint lies in the place of a hub's, and the image pipeline beside it that makes its keyframes."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tiny.language import save_klein

KLEIN = "black-forest-labs/FLUX.2-klein-4B"


def at(save: Callable[[Path], None], hub: str, keyframes: bool = False) -> Callable[[Path], Mapping[str, str]]:
    """A `Tiny.save` that puts what `save` writes in place of that hub id, and a tiny Klein if asked."""

    def saved(folder: Path) -> Mapping[str, str]:
        save(folder / "video")
        return {hub: "video"} | ({KLEIN: save_klein(folder)} if keyframes else {})

    return saved

"""toon: the embedded renderer. Latents are an animation rig, frames are drawn (DESIGN 6)."""

from importlib import import_module
from typing import Any

from storyforge.backends.toon.backend import Toon

__all__ = ["Toon", "measure", "measure_film", "measure_staging"]


def __getattr__(name: str) -> Any:
    if name not in ("measure", "measure_film", "measure_staging"):  # they load torch, and only benchmarks ask for them
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")

"""The networks of a pipeline that work at every step, by the names of their parts in it."""

from typing import Any

DENOISERS = ("transformer", "transformer_2", "unet")
CONTROL = "controlnet"
"""What a denoiser is told by: it answers before it at every step."""


def denoisers(pipe: Any) -> dict[str, Any]:
    """The denoisers that a pipeline has; Wan 2.2 has two."""
    return {name: part for name in DENOISERS if (part := getattr(pipe, name, None)) is not None}


def control(pipe: Any) -> Any:
    """Its control network; None where it has none."""
    return getattr(pipe, CONTROL, None)

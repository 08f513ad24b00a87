"""Held rows: known latent rows put back after every step, at the noise of the step to come (RePaint, along time).

It asks nothing of the model and is the fallback: expect seams beside held rows, and use a solver that keeps no history.
"""

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor


def holding(known: Mapping[int, Tensor], noise: Tensor, rows_axis: int) -> Callable[..., dict[str, Any]]:
    """A `callback_on_step_end` that keeps rows of the latents; after the last step they are as they were given.

    known: row -> [...] without batch and row axes; noise: the latents the pipeline began with.
    """

    def hold(pipe: Any, step: int, timestep: Any, given: dict[str, Any]) -> dict[str, Any]:
        latents = given["latents"]
        for row, clean in known.items():
            at = (slice(None),) * rows_axis + (row,)
            latents[at] = noised(pipe.scheduler, clean.to(latents), noise[at][0].to(latents), step)
        return given | {"latents": latents}

    return hold


def noised(scheduler: Any, clean: Tensor, noise: Tensor, step: int) -> Tensor:
    """Clean rows at the noise level that follows `step`: none after the last."""
    if step + 1 >= len(scheduler.timesteps):
        return clean
    if hasattr(scheduler, "scale_noise"):  # flow matching: its own scale_noise minds a step index that has moved on
        sigma = float(scheduler.sigmas[step + 1])
        return (1 - sigma) * clean + sigma * noise
    following = scheduler.timesteps[step + 1 : step + 2]
    mixed: Tensor = scheduler.add_noise(clean[None], noise[None], following)
    return mixed[0]

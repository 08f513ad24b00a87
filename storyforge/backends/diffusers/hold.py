"""Held rows: known latent rows put back after every step, at the noise of the step to come (RePaint, along time).

It asks nothing of the model and is the fallback: expect seams beside held rows, and use a solver that keeps no history.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

from torch import Tensor


@contextmanager
def holding(pipe: Any, known: Mapping[int, Tensor], noise: Tensor, rows_axis: int) -> Iterator[None]:
    """Rows of the latents are held while the pipeline runs; after the last step they are as they were given.

    known: row -> [...] without batch and row axes; noise: the latents the pipeline begins with. The scheduler's step is
    wrapped, so that pipelines without `callback_on_step_end` are held, too.
    """
    scheduler = pipe.scheduler
    plain, taken = scheduler.step, 0

    @wraps(plain)
    def step(*arguments: Any, **named: Any) -> Any:
        nonlocal taken
        result = plain(*arguments, **named)
        latents = result[0] if isinstance(result, tuple) else result.prev_sample
        for row, clean in known.items():
            at = (slice(None),) * rows_axis + (row,)
            held = noised(scheduler, clean.to(latents), noise[at][0].to(latents), taken)
            # Pipelines over UNet3D let the scheduler step frames in the batch.
            latents[at if latents.ndim == noise.ndim else row] = held
        taken += 1
        return result

    scheduler.step = step
    try:
        yield
    finally:
        del scheduler.step


def noised(scheduler: Any, clean: Tensor, noise: Tensor, step: int) -> Tensor:
    """Clean rows at the noise level that follows `step`: none after the last."""
    if step + 1 >= len(scheduler.timesteps):
        return clean
    if hasattr(scheduler, "scale_noise"):  # flow matching: its own scale_noise minds a step index that has moved on
        sigma = float(scheduler.sigmas[step + 1])
        if scheduler.config.get("invert_sigmas"):  # Mochi counts from noise at 0 to the film at 1
            sigma = 1 - sigma
        return (1 - sigma) * clean + sigma * noise
    following = scheduler.timesteps[step + 1 : step + 2]
    mixed: Tensor = scheduler.add_noise(clean[None], noise[None], following)
    return mixed[0]

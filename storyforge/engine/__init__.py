"""Arrays and numbers: which frames, in which windows, from which noise, denoised how. No YAML, prompts or files.

The convention is k-diffusion's: a denoiser is a callable `denoise(x, sigma, cond) -> denoised` with
x [batch, frames, ...] and sigma [batch, frames]; a pin is a frame whose sigma is 0. Flow form:
x = (1 - sigma) x0 + sigma noise.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from storyforge.engine.noise import Address, noise
from storyforge.engine.pyramid import Level, covered, levels, reach
from storyforge.engine.windows import Kind, Plan, blend, crossfade, end_to_end, local, plan, weights, windows

if TYPE_CHECKING:
    from storyforge.engine.codenoise import Denoise, codenoise, concatenate, cut
    from storyforge.engine.sampling import SOLVERS, Step, dpm2m, euler, sample, sigmas

__all__ = [
    "SOLVERS",
    "Address",
    "Denoise",
    "Kind",
    "Level",
    "Plan",
    "Step",
    "blend",
    "codenoise",
    "concatenate",
    "covered",
    "crossfade",
    "cut",
    "dpm2m",
    "end_to_end",
    "euler",
    "levels",
    "local",
    "noise",
    "plan",
    "reach",
    "sample",
    "sigmas",
    "weights",
    "windows",
]


def __getattr__(name: str) -> Any:
    """Loads what needs torch when it is first asked for: a second that commands about lengths do not have."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    for module in (import_module("storyforge.engine.codenoise"), import_module("storyforge.engine.sampling")):
        # The functions go in together and over the modules' names: `codenoise` is both.
        globals().update({known: getattr(module, known) for known in __all__ if hasattr(module, known)})
    return globals()[name]

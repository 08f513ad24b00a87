"""Every window its own first and last picture, where a pipeline shows pictures to its denoiser in further channels.

Repeated in every window, the film's first picture would set each of them back to it; left to the first row alone, the
rest would be text to video by a model that never saw that. So each window is shown what a clip of its own would be:
the pipeline is called at a clip's length with the window's pictures, up to its first step, and what its denoiser is
told of them is put into the window.
"""

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from storyforge.backends.diffusers import cutting, mounting, texts
from storyforge.backends.diffusers.codenoising import Edit, WindowPlan, denoisers
from storyforge.backends.diffusers.cutting import Window
from storyforge.errors import RenderError


def windows_of(pipe: Any, plan: WindowPlan, rows: int) -> tuple[Window, ...]:
    """The windows that a film of so many latent rows will be cut into."""
    module, family = next(iter(denoisers(pipe).values()))
    align = family.patch(mounting.unwrapped(module).config)
    return cutting.windows(rows, plan.size, plan.overlap, plan.lead, align)


def conditioned(pipe: Any, arguments: Mapping[str, Any], pictures: Mapping[int, Mapping[str, Any]]) -> Edit:
    """An edit for `WindowPlan`. pictures: of windows by index, the arguments of a call of a clip of their own.

    They replace those of the film's call: `num_frames` of a clip, `image`, `last_image`. A window that is not named
    keeps what the film's call says of its rows.
    """
    for _, family in denoisers(pipe).values():
        if not isinstance(family.cut[family.main], cutting.Rows):
            raise RenderError(f"{type(pipe).__name__} takes pictures at any frame by itself: give them to its call")
    drawn = {name: value for name, value in arguments.items() if name != "latents"}
    calls = {index: texts.heard(pipe, {**drawn, **own}, denoisers(pipe)) for index, own in pictures.items()}

    def edit(window: Window, part: dict[str, Any]) -> dict[str, Any]:
        if window.index not in calls:
            return part
        family, call = calls[window.index]
        shown = {name: call[name] for name in family.shown if call.get(name) is not None}
        main = _shown(part[family.main], call[family.main], family.channels, noise_channels(pipe))
        return part | shown | {family.main: main}

    return edit


def noise_channels(pipe: Any) -> int:
    """Channels of the latents: the rest of what the denoiser is given says what is known."""
    config = pipe.vae.config
    return int(config.get("z_dim") or config["latent_channels"])


def _shown(part: Tensor, clip: Tensor, axis: int, noise: int) -> Tensor:
    """The window's noise with the clip's pictures beside it."""
    if part.shape[axis] == noise:
        return part
    whole = clip.to(part.dtype).clone()
    whole.narrow(axis, 0, noise).copy_(part.narrow(axis, 0, noise))
    return whole

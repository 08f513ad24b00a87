"""Networks that see every frame by itself, such as a ControlNet of pictures: some frames at a time, with one answer.

Beside a denoiser in windows they are given the whole film, whose frames lie in the batch.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from storyforge.backends.diffusers import answers, mounting, networks, texts
from storyforge.backends.diffusers.families import Family
from storyforge.backends.diffusers.texts import Text
from storyforge.clock import Span
from storyforge.errors import RenderError

FRAMES: Mapping[str, tuple[str, ...]] = {"ControlNetModel": ("sample", "encoder_hidden_states", "controlnet_cond")}
"""By class, the arguments of its call that have something of each frame, the first of them for certain."""

WORDED = Family(main="sample", cut={})
"""Where the prompt lies in their calls."""

WHOLE = frozenset({"timestep", "conditioning_scale", "guess_mode", "return_dict", "cross_attention_kwargs"})


class Framewise(mounting.Hook):
    """Answers a call `size` frames at a time, of each the samples that guidance has of it; pieces are put in place.

    told: of so many frames, what each hears instead of the call's prompt, or None.
    """

    def __init__(
        self, module: Any, pipe: Any, size: int, told: Callable[[int], Sequence[Text | None]] | None = None
    ) -> None:
        super().__init__(module)
        self.pipe, self.size, self.told = pipe, size, told
        self.cut = FRAMES[self.kind]
        self.base: Text | None = None

    def answer(self, module: Any, *args: Any, **kwargs: Any) -> Any:
        call = self.named(*args, **kwargs)
        guided = getattr(self.pipe, "do_classifier_free_guidance", False) and not call.get("guess_mode")
        count = len(call[self.cut[0]])
        frames = count // (2 if guided else 1)
        heard = [None] * frames if self.told is None else self.told(frames)
        chunks = self._chunks(heard)
        if len(chunks) == 1 and heard[0] is None:
            return self.plain(*args, **kwargs)
        if self.base is None and self.told is not None:
            self.base = texts.told(call, WORDED)
        for name in call.keys() - WHOLE - {*self.cut}:
            if call[name] is not None:
                raise RenderError(
                    f"co-denoising: {self.kind} was given {name}, which storyforge does not know how to cut: add it to "
                    "FRAMES in backends/diffusers/framewise.py"
                )
        wholes: list[Tensor] = []
        output: Any = None
        for span in chunks:
            seen, text = slice(span.start, span.stop), heard[span.start]
            part = call | {name: _opened(call[name], frames)[:, seen].flatten(0, 1) for name in self.cut}
            if text is not None and self.base is not None:
                part = texts.retold(part, self.base, text, WORDED)
            output = self.plain(**part)
            pieces = answers.tensors(output)
            wholes = wholes or [piece.new_empty(count, *piece.shape[1:]) for piece in pieces]
            for whole, piece in zip(wholes, pieces, strict=True):
                _opened(whole, frames)[:, seen] = _opened(piece, len(span))
        return answers.filled(output, wholes)

    def _chunks(self, heard: Sequence[Text | None]) -> list[Span]:
        """Frames that hear the same, `size` of them at most."""
        changes = [at for at in range(1, len(heard)) if heard[at] is not heard[at - 1]]
        return [
            Span(start, min(start + self.size, stop))
            for first, stop in pairwise([0, *changes, len(heard)])
            for start in range(first, stop, self.size)
        ]


def _opened(value: Tensor, frames: int) -> Tensor:
    """[samples x frames, ...] as [samples, frames, ...], of the same memory."""
    return value.reshape(-1, frames, *value.shape[1:])


def framewise(pipe: Any) -> list[Any]:
    """The networks of a pipeline that see every frame by itself: its ControlNet of pictures, or several of them."""
    control = networks.control(pipe)
    nets = [net for net in getattr(control, "nets", [control]) if isinstance(net, torch.nn.Module)]
    return [net for net in nets if type(mounting.unwrapped(net)).__name__ in FRAMES]

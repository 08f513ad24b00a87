"""What pipelines of diffusers need from around them: attributes that transformers took away, and draws repeatable."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any


def install(pipeline: type) -> None:
    """What a pipeline's class lacks, put right once.

    Motion models get all of the UNet that they are made from. `CLIPTextModel` gets its `text_model` back.

    transformers 5.6 flattened the class: its layers are its own attributes now. I2VGen-XL always goes through
    `text_model` (its clip_skip is 1), AnimateDiff and its kin where `clip_skip` is given.
    """
    from inspect import signature

    from transformers import CLIPTextModel

    if "motion_adapter" in signature(pipeline.__init__).parameters:  # type: ignore[misc]
        _complete_motion()
    if "clip_skip" in signature(pipeline.__call__).parameters and not hasattr(CLIPTextModel, "text_model"):
        CLIPTextModel.text_model = property(_itself)


def _complete_motion() -> None:
    """Lets `UNetMotionModel.from_unet2d` copy the embedding of sizes and crops, once.

    diffusers 0.42 leaves SDXL's `add_embedding` as it was initialised: at random, and anew at every load.
    """
    from diffusers import UNetMotionModel

    plain = UNetMotionModel.from_unet2d.__func__
    if getattr(plain, "complete", False):
        return

    @wraps(plain)
    def from_unet2d(cls: Any, unet: Any, *given: Any, **named: Any) -> Any:
        made = plain(cls, unet, *given, **named)
        if getattr(unet, "add_embedding", None) is not None and getattr(made, "add_embedding", None) is not None:
            made.add_embedding.load_state_dict(unet.add_embedding.state_dict())
            made.add_embedding.to(unet.dtype)
        return made

    from_unet2d.complete = True  # type: ignore[attr-defined]
    UNetMotionModel.from_unet2d = classmethod(from_unet2d)


def _itself(model: Any) -> Any:
    return model


def complete(pipe: Any) -> None:
    """Tells EasyAnimate's VAE what its pipeline asks of it: that the first frame of a mask is a latent row by itself.

    The pipeline reads `cache_mag_vae` from the VAE's configuration, which has it in EasyAnimate's own code and not in
    diffusers' class; checkpoints may bring it.
    """
    if type(pipe).__name__ == "EasyAnimateInpaintPipeline" and "cache_mag_vae" not in pipe.vae.config:
        pipe.vae.register_to_config(cache_mag_vae=True)


@contextmanager
def settled(seed: int) -> Iterator[None]:
    """Around a call: what it draws without its generator is seeded too, and warnings to its authors stay unsaid.

    I2VGen-XL and SparseCtrl sample the picture's latents from torch's global state; Text2Video-Zero warns of arguments
    that it leaves out. The global state is put back.
    """
    from warnings import catch_warnings, simplefilter

    import torch

    devices = [torch.cuda.current_device()] if torch.cuda.is_available() else []
    with torch.random.fork_rng(devices), catch_warnings():
        simplefilter("ignore", UserWarning)
        torch.manual_seed(seed)
        yield

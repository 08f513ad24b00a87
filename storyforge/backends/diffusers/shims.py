"""What pipelines of diffusers need from around them: attributes that transformers took away, and draws repeatable."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def install(pipeline: type) -> None:
    """Gives `CLIPTextModel` its `text_model` back, once, for pipelines that skip layers of it.

    transformers 5.6 flattened the class: its layers are its own attributes now. I2VGen-XL always goes through
    `text_model` (its clip_skip is 1), AnimateDiff and its kin where `clip_skip` is given.
    """
    from inspect import signature

    from transformers import CLIPTextModel

    if "clip_skip" in signature(pipeline.__call__).parameters and not hasattr(CLIPTextModel, "text_model"):
        CLIPTextModel.text_model = property(_itself)


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

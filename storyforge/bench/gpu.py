"""`bench gpu`: what windows cost at the true size of models, with random weights, beside the plain pipeline.

Nothing is downloaded: networks are built from their published configurations and filled with noise, text is random
embeddings, and nothing is decoded. So seconds and memory are those of the denoiser, and pictures are noise. Each pair
that is compared runs in one process, one after the other, after a call of one step that is not timed.
"""

import gc
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

from storyforge.errors import InputError

STEPS = 4
OVERHEAD, GROWTH = 0.01, 1.1  # of one window over the plain call; of memory at five times the length
WAN = {
    "num_attention_heads": 12, "attention_head_dim": 128, "ffn_dim": 8960, "num_layers": 30, "text_dim": 4096,
    "freq_dim": 256, "in_channels": 16, "out_channels": 16, "cross_attn_norm": True,
    "qk_norm": "rms_norm_across_heads",
}  # fmt: skip
SMALL_WAN = WAN | {"num_attention_heads": 2, "attention_head_dim": 12, "ffn_dim": 32, "num_layers": 2, "text_dim": 32}


@dataclass(frozen=True)
class Run:
    """One call: seconds and peak memory (bytes; 0 where there is no accelerator to ask), forward passes."""

    name: str
    frames: int
    seconds: float
    memory: int
    forwards: int


@dataclass(frozen=True)
class GpuBench:
    """All calls; overhead: of one window over the plain call; growth: of memory from the short to the long call."""

    device: str
    size: tuple[int, int]
    runs: tuple[Run, ...]
    overhead: dict[str, float]
    growth: dict[str, float]

    @property
    def passed(self) -> bool:
        """Whether windows cost as little as they must; growth is 0 where memory cannot be asked."""
        return all(over <= OVERHEAD for over in self.overhead.values()) and all(
            grown <= GROWTH for grown in self.growth.values()
        )

    @property
    def values(self) -> dict[str, Any]:
        """Everything as JSON can carry it."""
        return asdict(self) | {"limits": {"overhead": OVERHEAD, "growth": GROWTH}, "passed": self.passed}


def bench_gpu(tell: Callable[[str], None] = lambda sentence: None, small: bool = False) -> GpuBench:
    """Wan 2.1 1.3B and VACE 1.3B at 832x480, 81 and 405 frames; AnimateDiff with our windows and with FreeNoise.

    small: tiny networks and pictures, to see that it runs; its figures say nothing. Raises InputError without a GPU.
    """
    import torch

    if not torch.cuda.is_available() and not small:
        raise InputError("bench gpu needs a CUDA GPU, and this machine has none; --small runs it on tiny networks")
    import diffusers

    diffusers.utils.logging.set_verbosity_error()
    if small:
        torch.set_num_threads(1)  # of networks so small, threads would only wait for each other
    device = "cuda" if torch.cuda.is_available() else "cpu"
    size, short, long = ((32, 32), 9, 21) if small else ((832, 480), 81, 405)
    runs: list[Run] = []
    for name, pipe in _pipes(device, small):
        tell(name)
        runs += _wan(name, pipe, size, short, long)
        del pipe
        _freed()
    tell("AnimateDiff")
    runs += _animatediff(device, small)
    told = torch.cuda.get_device_name() if device == "cuda" else "CPU, tiny networks"
    by = {(run.name, run.frames): run for run in runs}
    named = ("wan", "vace")
    over = {name: by[f"{name} one window", short].seconds / by[f"{name} plain", short].seconds - 1 for name in named}
    grown = {name: by[f"{name} windows", long].memory / (by[f"{name} plain", short].memory or 1) for name in named}
    return GpuBench(told, size, tuple(runs), over, grown)


def _pipes(device: str, small: bool) -> Iterator[tuple[str, Any]]:
    """Wan and VACE pipelines without text encoders."""
    import torch
    from diffusers import (
        AutoencoderKLWan,
        FlowMatchEulerDiscreteScheduler,
        WanPipeline,
        WanTransformer3DModel,
        WanVACEPipeline,
        WanVACETransformer3DModel,
    )

    config, dtype = (SMALL_WAN, torch.float32) if small else (WAN, torch.bfloat16)
    layers = [0, 1] if small else list(range(0, 30, 2))
    tiny = {"base_dim": 3, "dim_mult": [1, 1, 1, 1], "num_res_blocks": 1} if small else {}
    for name, pipeline, network, more in (
        ("wan", WanPipeline, WanTransformer3DModel, {}),
        ("vace", WanVACEPipeline, WanVACETransformer3DModel, {"vace_layers": layers, "vace_in_channels": 96}),
    ):
        torch.manual_seed(0)
        with torch.device(device):
            transformer = network(**config, **more).to(dtype).eval()
            vae = AutoencoderKLWan(**tiny).to(dtype).eval()
        scheduler = FlowMatchEulerDiscreteScheduler(shift=3.0)
        pipe = pipeline(tokenizer=None, text_encoder=None, vae=vae, transformer=transformer, scheduler=scheduler)
        pipe.set_progress_bar_config(disable=True)
        yield name, pipe


def _wan(name: str, pipe: Any, size: tuple[int, int], short: int, long: int) -> list[Run]:
    import torch

    from storyforge.backends import WindowPlan, codenoise

    rows = (short - 1) // 4 + 1
    plan = WindowPlan(rows, max(1, rows // 4), lead=1 if rows > 3 else 0)
    device, dtype = pipe.transformer.device, pipe.transformer.dtype
    width = pipe.transformer.config.text_dim
    text = torch.randn(1, 512 if width > 32 else 8, width, generator=torch.Generator().manual_seed(0))
    told = {
        "prompt_embeds": text.to(device, dtype), "negative_prompt_embeds": torch.zeros_like(text).to(device, dtype),
        "width": size[0], "height": size[1], "output_type": "latent",
    }  # fmt: skip

    def plain(frames: int, steps: int) -> int:
        pipe(num_frames=frames, num_inference_steps=steps, generator=torch.Generator().manual_seed(0), **told)
        return 2 * steps

    def windowed(frames: int, steps: int) -> int:
        with codenoise(pipe, plan) as report:
            plain(frames, steps)
        return int(report.forwards)

    return [
        _timed(f"{name} plain", plain, short),
        _timed(f"{name} one window", windowed, short),
        _timed(f"{name} windows", windowed, long),
        _timed(f"{name} plain", plain, long),
    ]


def _animatediff(device: str, small: bool) -> list[Run]:
    """16 frames a clip at 512x512, 16 and 80 frames."""
    import torch

    from storyforge.backends import WindowPlan, codenoise

    pipe, side = _drawn_pipe(device, small), 32 if small else 512
    # FreeNoise insists on a prompt in words.
    told = {"prompt": "fox", "negative_prompt": "", "width": side, "height": side, "output_type": "latent"}
    short, long = (8, 20) if small else (16, 80)

    def plain(frames: int, steps: int) -> int:
        pipe(num_frames=frames, num_inference_steps=steps, generator=torch.Generator().manual_seed(0), **told)
        return steps

    def windowed(frames: int, steps: int) -> int:
        with codenoise(pipe, WindowPlan(short, short // 4)) as report:
            plain(frames, steps)
        return int(report.forwards)

    runs = [_timed("animatediff plain", plain, short), _timed("animatediff windows", windowed, long)]
    pipe.enable_free_noise(context_length=short, context_stride=short - short // 4)
    runs.append(_timed("animatediff FreeNoise", plain, long))
    pipe.disable_free_noise()
    return runs


def _drawn_pipe(device: str, small: bool) -> Any:
    """AnimateDiff over a Stable Diffusion 1.5 that was never trained."""
    import torch
    from diffusers import (
        AnimateDiffPipeline,
        AutoencoderKL,
        DDIMScheduler,
        MotionAdapter,
        UNet2DConditionModel,
        UNetMotionModel,
    )
    from transformers import CLIPTextConfig, CLIPTextModel

    width = (8, 8) if small else (320, 640, 1280, 1280)
    across, dtype, groups = (8, torch.float32, 2) if small else (768, torch.float16, 32)
    depth, heads = (1, 2) if small else (2, 8)
    torch.manual_seed(0)
    with torch.device(device):
        unet = UNet2DConditionModel(
            block_out_channels=width, cross_attention_dim=across, attention_head_dim=heads, norm_num_groups=groups,
            layers_per_block=depth, down_block_types=("CrossAttnDownBlock2D",) * (len(width) - 1) + ("DownBlock2D",),
            up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * (len(width) - 1),
        )  # fmt: skip
        adapter = MotionAdapter(
            block_out_channels=width, motion_layers_per_block=depth, motion_norm_num_groups=groups,
            motion_num_attention_heads=heads,
        )  # fmt: skip
        model = UNetMotionModel.from_unet2d(unet, adapter).to(dtype).eval()
        blocks = (8,) if small else (128, 256, 512, 512)
        vae = AutoencoderKL(
            block_out_channels=blocks, norm_num_groups=groups, layers_per_block=depth,
            down_block_types=("DownEncoderBlock2D",) * len(blocks), up_block_types=("UpDecoderBlock2D",) * len(blocks),
        ).to(dtype)  # fmt: skip
        known = CLIPTextConfig(
            hidden_size=across, num_hidden_layers=1, num_attention_heads=2, vocab_size=8, bos_token_id=0, eos_token_id=1
        )
        text = CLIPTextModel(known).to(dtype)
    scheduler = DDIMScheduler(beta_schedule="linear", clip_sample=False, timestep_spacing="linspace")
    pipe = AnimateDiffPipeline(vae, text, _no_words(), model, adapter, scheduler)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def _no_words() -> Any:
    """A tokenizer that knows no word."""
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    known = Tokenizer(models.WordLevel({"<unk>": 0, "<end>": 1}, unk_token="<unk>"))
    return PreTrainedTokenizerFast(
        tokenizer_object=known, pad_token="<unk>", eos_token="<end>", unk_token="<unk>", model_max_length=77
    )


def _timed(name: str, call: Callable[[int, int], int], frames: int) -> Run:
    """Seconds and peak memory of a call of STEPS, after one of a single step."""
    import torch

    cuda = torch.cuda.is_available()
    call(frames, 1)
    _freed()
    if cuda:
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
    start = perf_counter()
    forwards = call(frames, STEPS)
    if cuda:
        torch.cuda.synchronize()
    seconds = perf_counter() - start
    return Run(name, frames, seconds, torch.cuda.max_memory_allocated() if cuda else 0, forwards)


def _freed() -> None:
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def gpu_table(result: GpuBench) -> Iterator[str]:
    """The figures as lines."""
    yield f"{result.device}, {result.size[0]}x{result.size[1]}, {STEPS} steps, random weights"
    yield f"{'call':<24} {'frames':>6} {'seconds':>8} {'GB':>6} {'forwards':>8}"
    for run in result.runs:
        yield f"{run.name:<24} {run.frames:>6} {run.seconds:>8.2f} {run.memory / 1e9:>6.2f} {run.forwards:>8}"
    for name, over in result.overhead.items():
        yield f"{name}: one window costs {over:+.2%} (at most {OVERHEAD:.0%})"
    for name, grown in result.growth.items():
        yield f"{name}: memory of the long call is {grown:.2f} of the short one's (at most {GROWTH})"

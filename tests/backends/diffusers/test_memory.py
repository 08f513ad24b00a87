"""Memory plans on tiny models: what is traded leaves the film equal or close; what does not fit is said beforehand."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny import base

from storyforge.backends.diffusers import estimate, loading, memory
from storyforge.backends.models import Cache, DiffusersProfile, Memory, Quantisation
from storyforge.errors import InputError, RenderError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return base.save_wan(tmp_path_factory.mktemp("memory") / "wan")


@pytest.fixture
def profile(folder: Path) -> DiffusersProfile:
    return wan(folder)


@pytest.fixture(autouse=True)
def _own_process() -> Iterator[None]:
    """The attention backend is one for the process: other tests start with torch's own."""
    yield
    if memory._attention:
        from diffusers.models.attention_dispatch import _AttentionBackendRegistry

        _AttentionBackendRegistry.set_active_backend("native")
        memory._attention.clear()


def wan(folder: Path, **more: Any) -> DiffusersProfile:
    return DiffusersProfile.model_validate(
        {
            "name": "tiny",
            "backend": "diffusers",
            "licence": "Apache-2.0",
            "pipeline": "WanPipeline",
            "checkpoint": str(folder),
            "device": "cpu",
            "clip": {"frames": 9, "fps": 16, "size": [32, 32], "ratio": 4, "multiple": 16},
            **more,
        }
    )


def made(pipe: Any, steps: int = 2) -> torch.Tensor:
    """A clip's latents."""
    noise = torch.randn(1, 16, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    told = {"prompt": "a small fox", "height": 32, "width": 32, "num_frames": 9, "guidance_scale": 2.0}
    result = pipe(**told, num_inference_steps=steps, latents=noise, output_type="latent", max_sequence_length=8)
    latents: torch.Tensor = result.frames
    return latents


@pytest.fixture(scope="module")
def plain(folder: Path) -> torch.Tensor:
    return made(loading.load(wan(folder)), 4)


@pytest.mark.parametrize("how", ["group", "leaf"])
def test_groups_and_leaves_brought_when_needed_make_the_same_film(
    profile: DiffusersProfile, plain: torch.Tensor, how: str
) -> None:
    pipe = loading.load(profile)
    memory.offload(pipe, how, "cpu")
    assert torch.equal(made(pipe, 4), plain)


def test_without_an_accelerator_the_plans_offload_is_left_out_and_said(
    profile: DiffusersProfile, plain: torch.Tensor
) -> None:
    said: list[str] = []
    plan = profile.model_copy(update={"memory": Memory(offload="model", tiling=True), "device": None})
    pipe = loading.load(plan, say=said.append)
    assert said == ["renderer tiny: there is no accelerator here: memory: {offload: model} is left out"]
    assert pipe.vae.use_tiling
    assert torch.equal(made(pipe, 4), plain)


def test_weights_of_8_bits_are_close_and_half_as_large(profile: DiffusersProfile, plain: torch.Tensor) -> None:
    pipe = loading.load(profile.model_copy(update={"memory": Memory(fp8=True)}))
    kept = {weight.dtype for block in pipe.transformer.blocks for weight in (block.attn1.to_q.weight,)}
    assert kept == {torch.float8_e4m3fn}
    assert float((made(pipe, 4) - plain).abs().mean() / plain.abs().mean()) < 0.05


@pytest.mark.parametrize(
    ("cache", "bound"),
    [
        (Cache.model_validate({"class": "FirstBlockCache", "settings": {"threshold": 1e-6}}), 0.0),
        (Cache.model_validate({"class": "FirstBlockCache", "settings": {"threshold": 0.5}}), 0.2),
        (
            Cache.model_validate(
                {
                    "class": "MagCache",
                    "settings": {"num_inference_steps": 4, "mag_ratios": [1.0] * 4, "retention_ratio": 0.3},
                }
            ),
            0.2,
        ),
        (
            Cache.model_validate(
                {
                    "class": "TaylorSeerCache",
                    "settings": {
                        "cache_interval": 2, "disable_cache_before_step": 2, "taylor_factors_dtype": "float32",
                    },
                }
            ),
            0.2,
        ),
    ],
    ids=["first-block-off", "first-block", "mag", "taylor"],
)  # fmt: skip
def test_caches_are_close_and_forget_between_calls(
    profile: DiffusersProfile, plain: torch.Tensor, cache: Cache, bound: float
) -> None:
    pipe = loading.load(profile.model_copy(update={"memory": Memory(cache=cache)}))
    first = made(pipe, 4)
    assert float((first - plain).abs().mean() / plain.abs().mean()) <= bound
    assert torch.equal(made(pipe, 4), first)
    if bound:
        assert not torch.equal(first, plain)  # a cache that does nothing is no cache


def test_repeated_blocks_compile_to_the_same_film(profile: DiffusersProfile, plain: torch.Tensor) -> None:
    pipe = loading.load(profile)
    memory.compiled(pipe, backend="eager")
    assert torch.allclose(made(pipe, 4), plain, atol=1e-5)
    torch.compiler.reset()


def test_one_attention_backend_for_the_process(profile: DiffusersProfile, plain: torch.Tensor) -> None:
    native = profile.model_copy(update={"memory": Memory(attention="native")})
    assert torch.equal(made(loading.load(native), 4), plain)
    loading.load(native)
    with pytest.raises(RenderError, match="attention: _native_math} cannot follow native, which this process"):
        loading.load(profile.model_copy(update={"memory": Memory(attention="_native_math")}))


@pytest.mark.parametrize(
    ("plan", "kind", "said"),
    [
        ({"attention": "flash"}, RenderError, "attention: flash} does not work here: .*; leave it out for torch's own"),
        ({"attention": "fast"}, RenderError, "attention: fast} does not work here: "),
        (
            {"quantisation": {"backend": "bitsandbytes_4bit"}},
            RenderError,
            "needs the Python package bitsandbytes .*: `pip install bitsandbytes` installs it",
        ),
        (
            {"quantisation": {"backend": "int3"}},
            InputError,
            "diffusers has no quantisation 'int3': it has bitsandbytes_4bit",
        ),
        ({"cache": {"class": "MagCache", "settings": {"speed": 2}}}, InputError, "MagCache}} is refused: "),
    ],
)
def test_a_plan_that_this_machine_cannot_follow_is_said_in_a_sentence(
    profile: DiffusersProfile, plan: dict[str, Any], kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        loading.load(profile.model_copy(update={"memory": Memory.model_validate(plan)}))


def test_unets_take_no_caches_and_name_no_blocks(tmp_path: Path) -> None:
    base.save_animatediff(tmp_path)
    profile = wan(
        tmp_path / "image",
        pipeline="AnimateDiffPipeline",
        components={"motion_adapter": {"class": "MotionAdapter", "checkpoint": str(tmp_path / "motion")}},
    )
    for plan, said in (({"cache": {"class": "MagCache"}}, "takes no cache"), ({"compile": True}, "no repeated blocks")):
        with pytest.raises(InputError, match=f"UNetMotionModel .*{said}"):
            loading.load(profile.model_copy(update={"memory": Memory.model_validate(plan)}))


def test_quantisation_is_told_as_diffusers_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import diffusers

    told: dict[str, Any] = {}
    monkeypatch.setattr(diffusers, "PipelineQuantizationConfig", lambda **given: told.update(given))
    plan = Quantisation(backend="torchao", settings={"quant_type": "int8wo", "compute": "bfloat16"})
    memory.quantised(plan, "tiny")
    assert told["quant_backend"] == "torchao"
    assert told["quant_kwargs"] == {"quant_type": "int8wo", "compute": torch.bfloat16}
    assert told["components_to_quantize"] == ["transformer"]


def test_the_weights_are_counted_from_the_heads_of_the_files(profile: DiffusersProfile) -> None:
    found = estimate.parts(profile, profile)
    pipe = loading.load(profile)
    for name in ("transformer", "vae", "text_encoder"):
        stored = {tensor.data_ptr(): tensor.numel() for tensor in getattr(pipe, name).state_dict().values()}
        assert found[name].whole == pytest.approx(2 * sum(stored.values()), rel=0.02)
    assert set(found) == {"transformer", "vae", "text_encoder"}
    own = profile.model_copy(update={"memory": Memory(fp8=True), "dtype": "float32"})
    fewer = estimate.parts(own, own)
    assert fewer["transformer"].whole == found["transformer"].whole / 2
    assert fewer["vae"].whole == 2 * found["vae"].whole
    costs = [estimate.weights(found, how) for how in memory.OFFLOADS]
    assert costs[0] > costs[1] > costs[3]
    assert costs[2] < costs[0]


def test_the_true_sizes_of_wan_are_estimated_as_they_are(tmp_path: Path) -> None:
    """The heads of Wan 2.1 1.3B's files: 1.42 billion numbers in 30 blocks, and its 5.7 billion of text encoder."""
    sizes = {
        "transformer": (30, 46_000_000, 40_000_000),
        "text_encoder": (24, 193_000_000, 1_050_000_000),
        "vae": (1, 1, 127_000_000),
    }
    index: dict[str, Any] = {"_class_name": "WanPipeline"}
    for name, (blocks, each, rest) in sizes.items():
        entries, at = {}, 0
        for label, count in [("rest", rest), *((f"blocks.{number}.w", each) for number in range(blocks))]:
            entries[label] = {"dtype": "F32", "shape": [count], "data_offsets": [at, at + 4 * count]}
            at += 4 * count
        head = json.dumps(entries).encode()
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text('{"num_attention_heads": 12, "attention_head_dim": 128}')
        with (tmp_path / name / "model.safetensors").open("wb") as file:
            file.write(len(head).to_bytes(8, "little") + head)
            file.truncate(8 + len(head) + at)  # a hole: nothing is written
        index[name] = ["diffusers", "SomeModel"]
    (tmp_path / "model_index.json").write_text(json.dumps(index))
    clip = {"frames": 81, "fps": 16, "size": [832, 480], "ratio": 4, "multiple": 16}
    profile = wan(tmp_path, clip=clip, components={"vae": {"class": "AutoencoderKLWan", "dtype": "float32"}})
    needed = {
        how: estimate.needed(profile.model_copy(update={"memory": Memory(offload=how)}), profile) / 1e9
        for how in memory.OFFLOADS
    }
    assert 15 < needed["none"] < 19
    assert 12.5 < needed["model"] < 15
    assert needed["group"] < 7
    assert needed["leaf"] < needed["group"] - 0.4

    assert estimate.fitting(profile, profile, None) == (Memory(), "")
    assert estimate.fitting(profile, profile, 24e9) == (Memory(), "")
    smaller, said = estimate.fitting(profile, profile, 16e9)
    assert smaller.offload == "model"
    assert "needs about" in said
    assert "16.0 GB are free: it is loaded with offload: model" in said
    with pytest.raises(RenderError, match=r"8\.0 GB are free: set memory: \{offload: group\} in its profile"):
        estimate.fitting(profile, profile, 8e9)
    with pytest.raises(RenderError, match=r"at the least, and 1\.0 GB are free: free some"):
        estimate.fitting(profile, profile, 1e9)


def test_a_clip_that_does_not_fit_is_tried_once_more_one_step_down(profile: DiffusersProfile) -> None:
    def never() -> str:
        raise torch.OutOfMemoryError("CUDA out of memory")

    result, network, said = memory.retried(profile, "tiny", never, lambda smaller: lambda: smaller.memory.offload)
    assert result == "model"
    assert network.memory.offload == "model"
    assert "did not fit into memory with offload: none; it goes on with offload: model" in said
    assert memory.retried(profile, "tiny", lambda: 3, lambda smaller: lambda: 4) == (3, profile, "")
    with pytest.raises(RenderError, match=r"set memory: \{offload: group, fp8: true, tiling: true\} in its profile"):
        memory.retried(profile, "tiny", never, lambda smaller: never)
    last = profile.model_copy(update={"memory": Memory(offload="leaf", fp8=True, tiling=True)})
    with pytest.raises(RenderError, match="does not fit into memory: render at a smaller size or in shorter clips"):
        memory.retried(last, "tiny", never, lambda smaller: never)

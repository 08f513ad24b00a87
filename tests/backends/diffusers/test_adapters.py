"""LoRA by profile and by character, IP-Adapter: they change the film and go again; what is no such file is said."""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from test_memory import made, wan
from tiny import base

from storyforge.backends.diffusers import adapters, loading
from storyforge.backends.models import DiffusersProfile, IPAdapter, Lora, Memory
from storyforge.errors import RenderError

WIDTH = 24  # of the tiny Wan


def save_lora(path: Path, seed: int, width: int = WIDTH, key: str = "transformer.blocks.0.attn1.to_q") -> Path:
    draw = torch.Generator().manual_seed(seed)
    tensors = {
        f"{key}.lora_A.weight": torch.randn(4, width, generator=draw),
        f"{key}.lora_B.weight": torch.randn(width, 4, generator=draw),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path)
    return path


def save_ip_adapter(folder: Path, unet: Any) -> None:
    """An IP-Adapter of the plain kind, as h94/IP-Adapter lies on the hub."""
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    torch.manual_seed(1)
    vision = CLIPVisionConfig(
        hidden_size=8, intermediate_size=16, num_attention_heads=2, num_hidden_layers=2, image_size=32, patch_size=8,
        projection_dim=8,
    )  # fmt: skip
    CLIPVisionModelWithProjection(vision).eval().save_pretrained(folder / "models" / "image_encoder")
    across = unet.config.cross_attention_dim
    tensors = {
        "image_proj.proj.weight": torch.randn(4 * across, 8),
        "image_proj.proj.bias": torch.zeros(4 * across),
        "image_proj.norm.weight": torch.ones(across),
        "image_proj.norm.bias": torch.zeros(across),
    }
    number = 1
    for name, part in unet.named_modules():
        if name.endswith("attn2"):
            for key in ("to_k_ip", "to_v_ip"):
                tensors[f"ip_adapter.{number}.{key}.weight"] = torch.randn(part.to_k.out_features, across)
            number += 2
    save_file(tensors, folder / "models" / "ip-adapter_sd15.safetensors")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adapters")
    base.save_wan(folder / "wan")
    save_lora(folder / "style.safetensors", 1)
    save_lora(folder / "ember" / "lora.safetensors", 2)
    save_lora(folder / "wide.safetensors", 3, 40)
    save_lora(folder / "other.safetensors", 4, key="unet.down_blocks.0.attentions.0.proj_in")
    (folder / "pickle").mkdir()
    (folder / "pickle" / "lora.bin").write_bytes(b"\x80\x04")
    (folder / "cut.safetensors").write_bytes((folder / "style.safetensors").read_bytes()[:-40])
    (folder / "many").mkdir()
    for name in ("one", "two"):
        save_lora(folder / "many" / f"{name}.safetensors", 5)
    return folder


def styled(folder: Path, **more: Any) -> DiffusersProfile:
    return wan(folder / "wan", loras=[{"checkpoint": str(folder / "style.safetensors"), "scale": 0.8}], **more)


def test_a_profiles_lora_changes_its_films_and_a_characters_comes_and_goes(folder: Path) -> None:
    plain = made(loading.load(wan(folder / "wan")))
    profile = styled(folder)
    pipe = loading.load(profile)
    own = made(pipe)
    assert not torch.allclose(own, plain, atol=1e-3)
    ember = Lora(checkpoint=str(folder / "ember"))
    with adapters.with_loras(pipe, [ember], profile, profile):
        both = made(pipe)
        assert not torch.allclose(both, own, atol=1e-3)
    assert torch.equal(made(pipe), own)
    with adapters.with_loras(pipe, [ember], profile, profile):
        assert torch.equal(made(pipe), both)
    assert len(pipe.get_list_adapters()["transformer"]) == 2


def test_a_characters_lora_on_a_profile_without_one_leaves_nothing(folder: Path) -> None:
    profile = wan(folder / "wan")
    pipe = loading.load(profile)
    plain = made(pipe)
    with adapters.with_loras(pipe, [Lora(checkpoint=str(folder / "ember"), scale=0.5)], profile, profile):
        half = made(pipe)
    assert not torch.equal(half, plain)
    assert torch.equal(made(pipe), plain)
    with adapters.with_loras(pipe, [], profile, profile):
        assert torch.equal(made(pipe), plain)


def test_a_lora_lies_under_weights_of_8_bits(folder: Path) -> None:
    pipe = loading.load(styled(folder, memory={"fp8": True}))
    query = pipe.transformer.blocks[0].attn1.to_q
    assert query.base_layer.weight.dtype == torch.float8_e4m3fn
    assert torch.isfinite(made(pipe)).all()


@pytest.mark.parametrize(
    ("lora", "said"),
    [
        ({"checkpoint": "nobody/none"}, "it needs the checkpoint nobody/none: `hf download nobody/none` fetches it"),
        ({"checkpoint": "ember", "weight_name": "x.safetensors"}, "x.safetensors is missing"),
        ({"checkpoint": "pickle"}, "lora.bin is a pickle, which can run code: name a checkpoint or revision that has"),
        ({"checkpoint": "pickle", "weight_name": "lora.bin"}, "lora.bin is a pickle, .* never loaded"),
        ({"checkpoint": "cut.safetensors"}, "cut.safetensors is cut short or no safetensors file"),
        ({"checkpoint": "many"}, "many has 2 files of weights: name one by weight_name"),
        ({"checkpoint": "wide.safetensors"}, "wide.safetensors is no LoRA for WanPipeline: .*size mismatch"),
        ({"checkpoint": "other.safetensors"}, "other.safetensors (is no LoRA|has no weights) for WanPipeline"),
    ],
)
def test_what_is_no_lora_for_this_model_is_said_in_a_sentence(folder: Path, lora: dict[str, Any], said: str) -> None:
    at = folder / lora["checkpoint"]
    given = Lora.model_validate(lora | {"checkpoint": str(at) if at.exists() else lora["checkpoint"]})
    profile = wan(folder / "wan")
    with pytest.raises(RenderError, match=f"renderer tiny.*{said}") as caught:
        adapters.use_loras(loading.load(profile), [given], profile)
    assert "\n" not in str(caught.value)
    if "wide" not in said and "other" not in said:  # told before anything is loaded, too
        with pytest.raises(RenderError, match=said):
            loading.load(profile.model_copy(update={"loras": (given,)}))


def test_an_ip_adapter_is_seen_and_what_is_none_is_said(tmp_path: Path) -> None:
    from PIL import Image

    base.save_animatediff(tmp_path)
    plain = wan(tmp_path / "image", pipeline="StableDiffusionPipeline")
    pipe = loading.load(plain)
    save_ip_adapter(tmp_path / "ip", pipe.unet)
    profile = plain.model_copy(update={"ip_adapter": IPAdapter(checkpoint=str(tmp_path / "ip")), "memory": Memory()})
    pipe = loading.load(profile)

    def drawn(colour: str) -> Any:
        generator = torch.Generator().manual_seed(0)
        told = {"prompt": "a small fox", "height": 16, "width": 16, "num_inference_steps": 2, "output_type": "latent"}
        return pipe(**told, ip_adapter_image=Image.new("RGB", (32, 32), colour), generator=generator).images

    assert not torch.equal(drawn("red"), drawn("blue"))
    assert torch.equal(drawn("red"), drawn("red"))

    save_file({"image_proj.x": torch.zeros(2)}, tmp_path / "ip" / "models" / "broken.safetensors")
    for name, said in (
        ("none.safetensors", "none.safetensors is missing"),
        ("broken.safetensors", "broken.safetensors is no IP-Adapter for StableDiffusionPipeline"),
    ):
        broken = IPAdapter(checkpoint=str(tmp_path / "ip"), weight_name=name)
        with pytest.raises(RenderError, match=said):
            loading.load(profile.model_copy(update={"ip_adapter": broken}))
    base.save_wan(tmp_path / "wan")
    with pytest.raises(RenderError, match="WanPipeline takes no IP-Adapter"):
        loading.load(wan(tmp_path / "wan", ip_adapter={"checkpoint": str(tmp_path / "ip")}))

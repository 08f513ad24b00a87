"""Image pipelines in the role of keyframes: each as a profile names it, shown pictures in the way it takes them."""

import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny import images, unets

from storyforge.backends.base import EntityPrompt, LevelRequest, Part, Prompt, Sheet, TimedPrompt
from storyforge.backends.diffusers.keyframes import Painter
from storyforge.backends.diffusers.pipes import Pipes
from storyforge.backends.models import DiffusersProfile, Keyframes
from storyforge.backends.ready import lacks
from storyforge.errors import RenderError

IP = {"checkpoint": "ip-adapter", "subfolder": "sdxl_models", "weight_name": "ip-adapter_sdxl_vit-h.safetensors"}
ADAPTER = {**IP, "image_encoder": "models/image_encoder"}
SDXL = {"pipeline": "StableDiffusionXLPipeline", "checkpoint": "sdxl", **images.SD_CHANGES}

PAINTERS: Mapping[str, Mapping[str, Any]] = {
    "sdxl": SDXL,
    "sdxl-ip-adapter": {**SDXL, "ip_adapter": ADAPTER, "references": {"by": "ip_adapter", "most": 4, "needed": True}},
    "sdxl-bank": {**SDXL, "references": {"by": "bank", "most": 2}},
    "flux-kontext": {
        "pipeline": "FluxKontextPipeline",
        "checkpoint": "kontext",
        "references": {"by": "argument", "many": False},
        **images.KONTEXT_CHANGES,
    },
    "flux2-klein": {
        "pipeline": "Flux2KleinPipeline",
        "checkpoint": "klein",
        "references": {"by": "argument", "most": 4},
        **images.KLEIN_CHANGES,
    },
    "flux2": {
        "pipeline": "Flux2Pipeline",
        "checkpoint": "flux2",
        "references": {"by": "argument", "most": 4},
        **images.FLUX2_CHANGES,
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    at = tmp_path_factory.mktemp("painters")
    images.save_sdxl_with_ip_adapter(at)
    images.save_flux_kontext(at / "kontext")
    images.save_flux2_klein(at / "klein")
    images.save_flux2(at / "flux2")
    return at


def painter(folder: Path, told: Mapping[str, Any]) -> Painter:
    network = Keyframes.model_validate(dict(told))
    profile = DiffusersProfile(
        name="painted",
        backend="diffusers",
        licence="none",
        device="cpu",
        pipeline="WanPipeline",
        checkpoint="none",
        clip={"frames": 5, "fps": 8, "size": (64, 64)},  # type: ignore[arg-type]
        keyframes=network,
        folder=folder,
    )
    return Painter(Pipes(profile), profile, network)


def fox(level: int) -> Sheet:
    shown = np.random.default_rng(level).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    return Sheet("fox", "character", {}, (shown,))


def panels(painter: Painter, sheets: Mapping[str, Sheet], first: int = 0) -> np.ndarray[Any, Any]:
    """Two shots' panels [2, 64, 64, 3], the first of which shows the fox."""
    seen = (EntityPrompt("fox", "character", "a small orange fox"),)
    prompts = [Prompt("a small orange fox walks", "", entities=seen), Prompt("a grey moth flies", "")]
    parts = [Part("one", 0, 8, 3), Part("two", 8, 16, 4)]
    timed = tuple(TimedPrompt(row, row + 1, prompt) for row, prompt in enumerate(prompts))
    request = LevelRequest("p", 16, 0, tuple(parts), timed, sheets=sheets)
    wanted = [(row, parts[row], prompts[row]) for row in range(first, 2)]
    made = np.stack([picture for _, picture in painter.keyframes(request, wanted, (64, 64), {})])
    assert made.shape == (2 - first, 64, 64, 3)
    assert made.dtype == np.uint8
    return made


@pytest.mark.parametrize("name", PAINTERS)
def test_panels_are_made_and_made_again_and_look_at_who_is_in_them(folder: Path, name: str) -> None:
    paints = painter(folder, PAINTERS[name])
    plain = panels(paints, {})
    assert plain.std() > 5
    assert np.array_equal(plain, panels(paints, {}))
    one, other = (panels(paints, {"fox": fox(level)}) for level in (1, 2))
    assert np.array_equal(one, panels(paints, {"fox": fox(1)}))
    looks = paints.network.references is not None
    assert np.array_equal(one[0], plain[0]) != looks
    assert np.array_equal(one[0], other[0]) != looks


def test_an_adapter_that_is_shown_nobody_makes_the_plain_picture(folder: Path) -> None:
    plain, adapted = (panels(painter(folder, PAINTERS[name]), {}) for name in ("sdxl", "sdxl-ip-adapter"))
    assert np.array_equal(plain, adapted)


def test_panels_of_a_bank_look_at_earlier_ones(folder: Path) -> None:
    paints = painter(folder, PAINTERS["sdxl-bank"])
    both = panels(paints, {})
    assert not np.array_equal(panels(paints, {}, first=1)[0], both[1])
    plain = panels(painter(folder, PAINTERS["sdxl"]), {})
    assert np.array_equal(both[0], plain[0])
    assert not np.array_equal(both[1], plain[1])


def test_a_picture_that_a_safety_checker_blackens_is_none_and_the_checker_can_be_left_out(tmp_path: Path) -> None:
    unets.save_sd15(tmp_path)
    told = {"pipeline": "StableDiffusionPipeline", "checkpoint": "image", **images.SD_CHANGES}
    checked = painter(tmp_path, told)
    plain = panels(checked, {})
    checked.pipe.safety_checker.concept_embeds_weights.data.fill_(-2)  # whatever it sees is above that
    with pytest.raises(RenderError, match=r"renderer painted: the safety checker of StableDiffusionPipeline took .* by "
                       r"keyframes: \{components: \{safety_checker: null\}\} in the profile"):  # fmt: skip
        panels(checked, {})
    shutil.rmtree(tmp_path / "image" / "safety_checker")
    assert "safety_checker is missing" in lacks(checked.network, tmp_path)
    free = painter(tmp_path, {**told, "components": {"safety_checker": None}})
    assert lacks(free.network, tmp_path) == ""
    assert free.pipe.safety_checker is None
    assert np.array_equal(panels(free, {}), plain)


@pytest.mark.skipif(find_spec("torchvision") is not None, reason="torchvision is here")
def test_what_needs_torchvision_says_so(folder: Path, tmp_path: Path) -> None:
    images.save_qwen_image_edit(tmp_path / "qwen")
    shutil.copytree(folder / "flux2", tmp_path / "flux2")
    index = tmp_path / "flux2" / "model_index.json"  # as the true checkpoint's
    index.write_text(index.read_text().replace("TokenizersBackend", "PixtralProcessor"))
    for pipeline, checkpoint in (("QwenImageEditPlusPipeline", "qwen"), ("Flux2Pipeline", "flux2")):
        with pytest.raises(RenderError, match=r"needs the Python package torchvision.*pip install torchvision"):
            painter(tmp_path, {"pipeline": pipeline, "checkpoint": checkpoint}).pipes["keyframes"]

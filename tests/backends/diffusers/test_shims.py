"""What surrounds pipelines: CLIP's text model where layers are skipped, and draws that a generator does not reach."""

from pathlib import Path
from warnings import warn

import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny.images import clip_text

from storyforge.backends.diffusers import shims


def test_clip_has_its_text_model_for_pipelines_that_skip_layers_of_it() -> None:
    import diffusers
    from transformers import CLIPTextModel

    shims.install(diffusers.WanPipeline)
    for _ in range(2):
        shims.install(diffusers.I2VGenXLPipeline)
    encoder = clip_text()
    assert isinstance(encoder, CLIPTextModel)
    assert encoder.text_model.final_layer_norm is encoder.final_layer_norm


def test_both_kinds_of_clip_checkpoint_still_load(tmp_path: Path) -> None:
    import diffusers
    from transformers import CLIPTextModel

    shims.install(diffusers.I2VGenXLPipeline)
    encoder = clip_text()
    encoder.save_pretrained(tmp_path)
    file = tmp_path / "model.safetensors"
    flat = {name.removeprefix("text_model."): weight for name, weight in load_file(file).items()}
    nested = {f"text_model.{name}": weight for name, weight in flat.items()}
    for weights in (flat, nested):
        save_file(weights, file, {"format": "pt"})
        again = CLIPTextModel.from_pretrained(tmp_path, local_files_only=True).state_dict()
        assert all(torch.equal(weight, again[name]) for name, weight in encoder.state_dict().items())


def test_draws_without_a_generator_are_seeded_and_the_global_state_is_put_back() -> None:
    torch.manual_seed(1)
    before = torch.random.get_rng_state()
    drawn = []
    for seed in (5, 5, 6):
        with shims.settled(seed):
            warn("advice to the pipeline's authors", UserWarning, stacklevel=1)
            drawn.append(torch.randn(4))
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])
    assert torch.equal(torch.random.get_rng_state(), before)
    with pytest.raises(UserWarning, match="ours"):
        warn("ours", UserWarning, stacklevel=1)

"""Whose text is where: rows of the base prompt are replaced, rows of guidance stay."""

import pytest
import torch
from PIL import Image
from tiny.nets import drawn
from torch import Tensor

from storyforge.backends.diffusers import texts
from storyforge.backends.diffusers.families import FAMILIES
from storyforge.backends.diffusers.texts import Prompt, Text
from storyforge.clock import Span
from storyforge.errors import RenderError

AWAY, FOX, MOTH = (drawn(5, 4, seed=seed) for seed in (1, 2, 3))


def test_the_text_that_holds_over_most_rows_is_a_windows_own() -> None:
    moth = Text({}, ())
    prompts = (Prompt(0, 5, None), Prompt(5, 9, moth))
    told = [texts.of(prompts, Span(start, start + 4)) for start in range(6)]
    assert told == [None, None, None, None, moth, moth]  # where both hold over as much, the first
    assert texts.of((Prompt(3, 9, moth),), Span(0, 4)) is None
    assert texts.of((), Span(0, 4)) is None


def test_a_call_is_shortened_to_a_clip() -> None:
    picture, mask = Image.new("RGB", (8, 8)), torch.zeros(1, 1, 9, 8, 8)
    arguments = {
        "prompt": "a fox", "num_frames": 9, "latents": mask, "video": [picture] * 9, "mask_video": mask,
        "reference_images": [picture], "image": picture, "conditions": [object()], "generator": [1] * 9,
    }  # fmt: skip
    made = texts.shortened(arguments, 5, {"num_frames": 5})
    assert made.pop("mask_video").shape == (1, 1, 5, 8, 8)
    assert made == {
        "prompt": "a fox", "num_frames": 5, "video": [picture] * 5,
        "reference_images": [picture], "image": picture, "generator": [1] * 9,
    }  # fmt: skip
    sparse = {"conditioning_frames": [picture] * 2, "controlnet_frame_indices": [0, 8], "num_frames": 4}
    assert texts.shortened(sparse, 5, {"num_frames": 5}) == sparse | {"controlnet_frame_indices": [0, 1]}


def test_guidance_in_the_batch_and_in_a_pass_of_its_own() -> None:
    family = FAMILIES["WanTransformer3DModel"]
    fox, moth = (texts.told({"encoder_hidden_states": torch.stack([AWAY, one])}, family) for one in (FOX, MOTH))
    for rows, expected in (([AWAY, FOX], [AWAY, MOTH]), ([FOX], [MOTH]), ([AWAY], [AWAY]), ([FOX, FOX], [MOTH, MOTH])):
        call = texts.retold({"encoder_hidden_states": torch.stack(rows)}, fox, moth, family)
        assert torch.equal(call["encoder_hidden_states"], torch.stack(expected))


def test_a_base_prompt_that_is_what_guidance_leads_away_from() -> None:
    family = FAMILIES["LTXVideoTransformer3DModel"]
    same, moth = (texts.told({"encoder_hidden_states": torch.stack([AWAY, one])}, family) for one in (AWAY, MOTH))
    call = texts.retold({"encoder_hidden_states": torch.stack([AWAY, AWAY])}, same, moth, family)
    assert torch.equal(call["encoder_hidden_states"][1], MOTH)


def test_masks_follow_their_text_though_they_look_alike() -> None:
    family = FAMILIES["MochiTransformer3DModel"]

    def call(text: Tensor, length: int) -> dict[str, Tensor]:
        mask = torch.tensor([[1.0] * 3 + [0.0] * 2, [1.0] * length + [0.0] * (5 - length)])
        return {"encoder_hidden_states": torch.stack([AWAY, text]), "encoder_attention_mask": mask}

    fox, moth = call(FOX, 3), call(MOTH, 5)
    made = texts.retold(fox, texts.told(fox, family), texts.told(moth, family), family)
    assert torch.equal(made["encoder_attention_mask"], moth["encoder_attention_mask"])


def test_pooled_text_beside_text_for_every_frame() -> None:
    family = FAMILIES["UNetMotionModel"]

    def call(text: Tensor, frames: int) -> dict[str, object]:
        rows = torch.stack([AWAY, text]).repeat_interleave(frames, 0)
        pooled = {"text_embeds": torch.stack([AWAY[0], text[0]]), "time_ids": torch.zeros(2, 6)}
        return {"encoder_hidden_states": rows, "added_cond_kwargs": pooled}

    fox, moth = call(FOX, 3), call(MOTH, 3)
    made = texts.retold(fox, texts.told(fox, family), texts.told(moth, family), family)
    assert torch.equal(made["encoder_hidden_states"], moth["encoder_hidden_states"])
    assert torch.equal(made["added_cond_kwargs"]["text_embeds"], moth["added_cond_kwargs"]["text_embeds"])
    assert fox["added_cond_kwargs"]["text_embeds"][1].equal(FOX[0])  # the call itself is as it was


def test_texts_of_other_lengths_come_with_their_places() -> None:
    """Kandinsky 5 pads nothing, and guides in a pass of its own."""
    family = FAMILIES["Kandinsky5Transformer3DModel"]

    def call(text: Tensor) -> dict[str, Tensor]:
        return {
            "encoder_hidden_states": text[None],
            "pooled_projections": text[None, 0],
            "text_rope_pos": torch.arange(len(text)),
        }

    fox, moth, away = call(FOX), call(MOTH[:3]), call(AWAY[:4])
    heard = texts.told(fox, family), texts.told(moth, family)
    made = texts.retold(fox, *heard, family)
    assert all(torch.equal(made[name], moth[name]) for name in moth)
    assert all(torch.equal(value, away[name]) for name, value in texts.retold(away, *heard, family).items())


def test_texts_of_other_lengths_cannot_be_mixed_in_one_batch() -> None:
    family = FAMILIES["WanTransformer3DModel"]
    fox = texts.told({"encoder_hidden_states": FOX[None]}, family)
    moth = texts.told({"encoder_hidden_states": MOTH[None, :3]}, family)
    with pytest.raises(RenderError, match="different numbers of tokens"):
        texts.retold({"encoder_hidden_states": torch.stack([AWAY, FOX])}, fox, moth, family)

"""Level requests as tensors: nobody in an empty slot reaches the others."""

import numpy as np
import pytest

from storyforge.backends.toon import Toon, data, measure, rig


@pytest.mark.slow
def test_an_empty_slot_is_held_at_nothing_and_the_others_keep_to_their_keyframes() -> None:
    """What is made between keyframes stays by the curve through them: what moves there is slow."""
    alone = [shot for shot in measure.held_out(60, "tv") if shot.script.facts[1] and not shot.script.facts[2]][:3]
    for _, _, latents in measure.rendered(Toon(), alone):
        rows = latents.arrays["x"]
        for channels in rig.slot_slices()[2:4]:
            assert not rows[:, channels].any()
        frames = np.arange(len(rows), dtype=np.float32)
        curve = data.guide_rows(rows[None, ::16], 0.0, frames[None])[0]
        seen = np.concatenate([np.arange(s.start, s.stop) for s in rig.slot_slices()[:2]])
        assert np.abs(rows - curve)[:, seen].max() < 0.1

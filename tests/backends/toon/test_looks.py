"""A look changes clothes and nothing else: body and clothes are sampled apart."""

import numpy as np

from storyforge.backends import CastRequest
from storyforge.backends.toon import Toon, rig

WORN = ("wears", "wear_colour")
LOOKS = {"": "", "@scarf": "a blue scarf", "@rain": "a yellow coat", "@ball": "a long red dress", "@hat": "a green hat"}


def test_looks_share_every_trait_but_clothes_bit_for_bit() -> None:
    at = rig.CHARACTER_TRAITS.at
    for name, body in (("ember", "a small orange fox"), ("ana", "an old woman with white hair")):
        said = {look: f"{body}, wearing {worn}." if worn else f"{body}." for look, worn in LOOKS.items()}
        requests = [CastRequest(f"{name}{look}", "character", text, 7, body=f"{body}.") for look, text in said.items()]
        sheets = [np.asarray(sheet.arrays["traits"]) for sheet in Toon().cast(requests)]
        for field, channels in at.items():
            same = all(np.array_equal(sheet[channels], sheets[0][channels]) for sheet in sheets)
            assert same == (field not in WORN), field
        worn = [rig.WEARS[int(sheet[at["wears"]].argmax())] for sheet in sheets]
        assert worn[1:] == ["scarf", "coat", "dress", "hat"]

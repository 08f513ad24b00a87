"""What a renderer's fingerprint knows: all that changes pixels, and nothing that only changes where they are made."""

from pathlib import Path

import pytest
import tiny

from storyforge import backends
from storyforge.backends.fingerprints import fingerprint
from storyforge.backends.models import (
    Cache,
    Clip,
    Component,
    Control,
    Defaults,
    DiffusersProfile,
    IPAdapter,
    Keyframes,
    Lora,
    Memory,
    Network,
    References,
    Refine,
    Video,
    Windows,
)


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> DiffusersProfile:
    folder = tmp_path_factory.mktemp("fingerprint")
    tiny.install("wan-2.1-i2v-14b", folder)
    found = backends.find("wan-2.1-i2v-14b", folder)
    assert isinstance(found, DiffusersProfile)
    return found


def test_prices_words_and_places_change_nothing(profile: DiffusersProfile) -> None:
    known = fingerprint(profile)
    assert isinstance(profile.keyframes, Keyframes)
    elsewhere = profile.keyframes.model_copy(update={"memory": Memory(offload="leaf")})
    for same in ({"cost_per_hour": 2.0}, {"about": "x"}, {"memory": Memory(offload="group")}, {"keyframes": elsewhere}):
        assert fingerprint(profile.model_copy(update=same)) == known


def test_steps_caches_and_weights_change_all(profile: DiffusersProfile) -> None:
    cached = Memory(cache=Cache.model_validate({"class": "FirstBlockCache", "settings": {"threshold": 0.2}}))
    seen = {fingerprint(profile)}
    for other in ({"defaults": Defaults(steps=7)}, {"memory": cached}, {"memory": Memory(fp8=True)}):
        seen.add(fingerprint(profile.model_copy(update=other)))
    weights = next(Path(profile.folder, profile.checkpoint, "transformer").glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    seen.add(fingerprint(profile))
    assert len(seen) == 5


def test_a_part_that_is_left_out_need_not_be_there(profile: DiffusersProfile) -> None:
    without = profile.model_copy(update={"components": {**profile.components, "image_encoder": None}})
    known = fingerprint(without)
    assert known != fingerprint(profile)
    config = Path(profile.folder, profile.checkpoint, "image_encoder", "config.json")
    config.write_text(config.read_text() + " ")
    assert fingerprint(without) == known


def test_an_argument_called_memory_is_an_argument(profile: DiffusersProfile) -> None:
    told = [
        profile.model_copy(update={"call": {"kwargs": {"memory": value}}}) for value in (1, {"offload": "leaf"}, {})
    ]
    assert len({fingerprint(one) for one in told}) == 3


def test_defaults_are_what_films_were_made_with() -> None:
    """A fingerprint leaves defaults out: who wants another gives it another key."""
    kinds = (Clip, Component, Control, IPAdapter, Keyframes, Lora, Memory, Network, References, Refine, Video, Windows)
    pinned = {
        "Clip.asked": None, "Clip.fixed": False, "Clip.least": 1, "Clip.multiple": 16, "Clip.ratio": 1,
        "Clip.rigid": False, "Clip.step": None, "Control.black": (), "Control.strength": None, "IPAdapter.scale": 0.6,
        "IPAdapter.weight_name": "ip-adapter_sd15.safetensors", "Keyframes.multiple": 16, "Keyframes.size": None,
        "Lora.scale": 1.0, "Memory.fp8": False, "Memory.tiling": False, "Network.avoid": None,
        "Network.dtype": "bfloat16", "References.argument": "image", "References.many": True,
        "References.needed": False, "References.most": 1, "Refine.strength": 0.4, "Video.argument": "video",
        "Video.strength": "strength", "Windows.batch": 1, "Windows.lead": 0,
        "DiffusersProfile.layout": "BCFHW", "DiffusersProfile.keeps": "pictures", "DiffusersProfile.levels": (1,),
        "DiffusersProfile.infill": "none", "DiffusersProfile.longer": "chain", "DiffusersProfile.both": False,
        "DiffusersProfile.beyond": False, "DiffusersProfile.indices": "frames", "DiffusersProfile.sound": False,
    }  # fmt: skip
    found = {
        f"{kind.__name__}.{name}": field.default
        for kind in (*kinds, DiffusersProfile)
        for name, field in kind.model_fields.items()
    }
    assert {name: found[name] for name in pinned} == pinned

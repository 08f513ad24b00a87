"""What a renderer's fingerprint knows: all that changes pixels, and nothing that only changes where they are made."""

from pathlib import Path

import pytest
import tiny

from storyforge import backends
from storyforge.backends.fingerprints import fingerprint
from storyforge.backends.models import Cache, Defaults, DiffusersProfile, Keyframes, Memory


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

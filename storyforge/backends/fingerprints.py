"""The fingerprint of a diffusers profile: a digest of what changes its films, taken without loading any of it."""

import json
from collections.abc import Collection, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from storyforge.backends.models import DiffusersProfile
from storyforge.backends.profile import located, networks
from storyforge.backends.ready import lack
from storyforge.errors import NotReady

SAMPLED = 1 << 16  # bytes read at each of a large file's probes
PROBES = 16

# Neither where it computes nor what is said of it changes what it makes.
_PLAIN = {"name", "about", "licence", "needs", "ignores", "device", "cost_per_hour"}
_ROLES = ("keyframes", "refine")  # networks within a profile
_TELLING = {"tiling", "fp8", "quantisation", "attention", "cache"}  # of a memory plan


def fingerprint(profile: DiffusersProfile) -> str:
    """Digest of what changes films: the settings, and the files of every checkpoint named."""
    digest = blake2b(digest_size=16)
    # What a profile leaves out does not count, so that a version that knows one key more has the same films. A key's
    # default is therefore what films were made with: another default is another key.
    told = _telling(profile.model_dump(mode="json", exclude=_PLAIN, exclude_defaults=True))
    digest.update(json.dumps(told, sort_keys=True).encode())
    for network in networks(profile):
        for checkpoint in network.checkpoints:
            folder = located(checkpoint, profile, network)
            if folder is None:
                raise NotReady(f"renderer {profile.name} is not ready: {lack(networks(profile), profile.folder)}")
            _digest(folder, digest, network.left_out if checkpoint == network.checkpoint else ())
    return digest.hexdigest()


def _telling(network: Mapping[str, Any]) -> dict[str, Any]:
    """A network's settings without those that say where it computes: another offload is the same film."""
    plan = {key: value for key, value in network.get("memory", {}).items() if key in _TELLING}
    roles = {name: _telling(network[name]) for name in _ROLES if isinstance(network.get(name), dict)}
    return {**network, "memory": plan, **roles}


def _digest(folder: Path, digest: Any, left_out: Collection[str]) -> None:
    """A checkpoint's files; of one in the hub's cache its commit, which its folder is named for."""
    if folder.parent.name == "snapshots":
        digest.update(folder.name.encode())
        return
    if folder.is_file():
        digest.update(folder.name.encode())
        _probe(folder, digest)
        return
    for path in sorted(path for path in folder.rglob("*") if path.suffix in {".json", ".safetensors", ".txt"}):
        part = path.relative_to(folder)
        if part.parts[0] not in left_out:
            digest.update(part.as_posix().encode())
            _probe(path, digest)


def _probe(path: Path, digest: Any) -> None:
    """A small file's bytes; of a large one its size and 16 places: enough to tell two trainings apart in no time."""
    size = path.stat().st_size
    digest.update(size.to_bytes(8, "little"))
    with path.open("rb") as file:
        if size <= SAMPLED * PROBES:
            digest.update(file.read())
            return
        for probe in range(PROBES):
            file.seek((size - SAMPLED) * probe // (PROBES - 1))
            digest.update(file.read(SAMPLED))

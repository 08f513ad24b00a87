"""Addressed noise: what a frame starts from depends on where it is in the film, never on when it is drawn."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import prod

import numpy as np
from numpy.typing import NDArray

_WORDS = 2.0**-53


@dataclass(frozen=True)
class Address:
    """Where noise belongs: the film's seed, the shot, its take, and the level's stride."""

    seed: int
    shot: str
    take: int = 0
    level: int = 1


def noise(addresses: Sequence[Address], frames: Sequence[int], shape: Sequence[int]) -> NDArray[np.float32]:
    """Standard normal noise [len(frames), *shape]; frames[i] counts from the start of the shot of addresses[i].

    Philox (Salmon et al. 2011) keyed by the address, with the frame in its counter, then Box-Muller: numpy promises
    the raw stream of a bit generator for good, but not what `standard_normal` makes of it.
    """
    drawn = np.empty((len(frames), *shape), np.float32)
    for row, (address, frame) in enumerate(zip(addresses, frames, strict=True)):
        drawn[row] = _normal(_key(address), frame, prod(shape)).reshape(tuple(shape))
    return drawn


@lru_cache(maxsize=4096)
def _key(address: Address) -> int:
    told = json.dumps([address.seed, address.shot, address.take, address.level]).encode()
    return int.from_bytes(blake2b(told, digest_size=16, person=b"storyforge noise").digest(), "little")


def _normal(key: int, frame: int, count: int) -> NDArray[np.float32]:
    """`count` normal numbers of one frame: 2^64 counter values each, so that no two frames share any."""
    raw = np.random.Philox(key=key, counter=(frame % 2**64) << 64).random_raw(2 * ((count + 1) // 2))
    uniform = ((raw >> np.uint64(11)) + 0.5) * _WORDS
    radius, angle = np.split(uniform, 2)
    radius, angle = np.sqrt(-2 * np.log(radius)), 2 * np.pi * angle
    return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])[:count].astype(np.float32)

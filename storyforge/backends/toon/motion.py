"""Motion of one channel over time: zero-phase smoothing, noise and rhythms addressed by time, springs.

Everything is a pure function of arrays, seconds and a seed, so that a frame is the same whoever draws it.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


@lru_cache(maxsize=64)
def _kernel(sigma: float) -> tuple[Doubles, Doubles]:
    reach = math.ceil(3.5 * sigma)
    offset = np.arange(-reach, reach + 1, dtype=np.float64)
    bell = np.exp(-0.5 * (offset / sigma) ** 2)
    return offset, bell


def smooth(values: Doubles, sigma: float) -> Doubles:
    """Zero-phase low-pass of [frames, ...] along time: local linear regression under a Gaussian of `sigma` frames.

    Away from the ends it is a Gaussian filter; at the ends the fitted line takes over, so that steady motion is
    neither bent nor slowed there (Cleveland 1979).
    """
    count = len(values)
    if count < 3 or sigma <= 0:
        return np.asarray(values, np.float64)
    offset, bell = _kernel(round(sigma, 3))
    reach = len(offset) // 2
    flat = np.asarray(values, np.float64).reshape(count, -1)
    padded = np.zeros((count + 2 * reach, flat.shape[1] + 1))
    padded[reach : reach + count, :-1], padded[reach : reach + count, -1] = flat, 1.0
    sums = [np.zeros((count, flat.shape[1] + 1)) for _ in range(2)]
    second = np.zeros(count)
    for k, w in zip(offset, bell, strict=True):  # a loop over the kernel is cheaper than one over channels
        part = padded[reach + int(k) : reach + int(k) + count]
        sums[0] += w * part
        sums[1] += (w * k) * part
        second += w * k * k * part[:, -1]
    s0, s1 = sums[0][:, -1:], sums[1][:, -1:]
    s2 = second[:, None]
    fitted = (s2 * sums[0][:, :-1] - s1 * sums[1][:, :-1]) / (s0 * s2 - s1 * s1)
    return np.asarray(fitted.reshape(np.shape(values)), np.float64)


def segments(count: int, cuts: Sequence[int]) -> list[tuple[int, int]]:
    """Half-open stretches of `count` frames between cuts."""
    edges = sorted({0, count, *(c for c in cuts if 0 < c < count)})
    return list(pairwise(edges))


def ease(u: Doubles) -> Doubles:
    """Smoothstep of u clipped to 0..1."""
    u = np.clip(u, 0.0, 1.0)
    return np.asarray(u * u * (3.0 - 2.0 * u))


def firm(weights: Doubles) -> Doubles:
    """Weights with the sampler's residue about 0 and 1 taken off, so that what is off is off."""
    return np.asarray(np.clip((weights - 0.06) / 0.88, 0.0, 1.0))


def glide(u: Doubles) -> Doubles:
    """Perlin's smoother step: speed and acceleration are 0 at both ends."""
    u = np.clip(u, 0.0, 1.0)
    return np.asarray(u**3 * (u * (6.0 * u - 15.0) + 10.0))


def chance(seed: int, index: NDArray[np.int64]) -> Doubles:
    """Uniform numbers 0..1 that depend on the seed and each index alone (SplitMix64)."""
    with np.errstate(over="ignore"):
        x = index.astype(np.uint64) + np.uint64(seed % 2**63) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x = x ^ (x >> np.uint64(31))
    return np.asarray((x >> np.uint64(11)).astype(np.float64) / 2.0**53)


def wander(seconds: Doubles, seed: int, rate: float) -> Doubles:
    """Smooth noise in -1..1 that changes about `rate` times a second."""
    at = np.asarray(seconds * rate + chance(seed, np.zeros(1, np.int64))[0] * 64.0 + 1024.0)
    cell = np.floor(at)
    step = cell.astype(np.int64)
    low, high = chance(seed, step), chance(seed, step + 1)
    return np.asarray(2.0 * (low + (high - low) * glide(at - cell)) - 1.0)


def wave(seconds: Doubles, seed: int, rate: float) -> Doubles:
    """A sine of `rate` turns a second whose phase the seed picks."""
    return np.asarray(np.sin(2 * np.pi * (seconds * rate + chance(seed, np.ones(1, np.int64))[0])))


def blinks(seconds: Doubles, seed: int) -> Doubles:
    """Lids 1 open .. 0 shut: a blink of a fifth of a second in every slot of about three, sometimes two."""
    slot_length, lid = 3.1, np.ones_like(seconds)
    slot = np.floor(seconds / slot_length + 1000.0).astype(np.int64)
    into = seconds + 1000.0 * slot_length - slot * slot_length
    start = 0.25 + 2.2 * chance(seed, slot)
    twice = chance(seed + 1, slot) > 0.78
    for delay, on in ((0.0, np.ones_like(twice)), (0.3, twice)):
        u = (into - start - delay) / 0.2
        dip = np.where(on & (u > 0) & (u < 1), np.sin(np.pi * np.clip(u, 0, 1)) ** 0.6, 0.0)
        lid = np.minimum(lid, 1.0 - dip)
    return lid


def talk(seconds: Doubles, seed: int) -> tuple[Doubles, Doubles]:
    """Mouth 0..1 open and lips 0 wide .. 1 round, syllable by syllable with short rests between words."""
    length = 0.17
    slot = np.floor(seconds / length + 4000.0).astype(np.int64)
    u = seconds / length + 4000.0 - slot
    loud = 0.35 + 0.65 * chance(seed, slot)
    rest = chance(seed + 7, slot) < 0.14
    loud = np.where(rest, 0.0, loud)
    lips = wander(seconds, seed + 3, 3.1) * 0.5 + 0.5
    return np.asarray(loud * np.sin(np.pi * u) ** 1.2), lips


def spring(target: Doubles, rate: float, hertz: float, damping: float) -> Doubles:
    """Follows [frames, n] targets with damped springs, exactly integrated; starts at rest on the first target."""
    w, dt = 2 * math.pi * hertz, 1.0 / rate
    low = min(damping, 0.999)
    wd = w * math.sqrt(1 - low * low)
    decay, c, s = math.exp(-low * w * dt), math.cos(wd * dt), math.sin(wd * dt)
    xx, xv = decay * (c + low * w / wd * s), decay * s / wd
    vx, vv = -decay * w * w / wd * s, decay * (c - low * w / wd * s)
    out = np.empty_like(target)
    x, v = target[0].copy(), np.zeros_like(target[0])
    for i, goal in enumerate(target):
        away = x - goal
        x, v = goal + xx * away + xv * v, vx * away + vv * v
        out[i] = x
    return out


def speed(values: Doubles, rate: float) -> Doubles:
    """Change a second of [frames, ...], central differences within and one-sided at the ends."""
    if len(values) < 2:
        return np.zeros_like(values)
    return np.asarray(np.gradient(values, 1.0 / rate, axis=0))

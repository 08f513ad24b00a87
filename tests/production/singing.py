"""A renderer of coloured cards that sings: noise of its own beside each level; and a look for it in what is heard."""

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from paint import Paint

from storyforge.backends import Audio, Latents
from storyforge.cas import Journal, Key, Store, digest
from storyforge.film.sound import RATE
from storyforge.film.sound.resample import resampled

SUNG = 12_000  # samples a second: whole ones to a frame at 8, 12 and 24


@dataclass
class Singing(Paint):
    """Noise that each level's rows decide, one channel; mute: it makes silence."""

    rate: float = 12.0  # of its frames, the film's where it has none of its own
    mute: bool = False

    def sound(self, latents: Latents, start: int = 0, stop: int | None = None) -> Audio | None:
        rows = latents.arrays["x"]
        noise = np.random.default_rng(int(digest(rows)[:12], 16)).standard_normal(
            (round(len(rows) / self.rate * SUNG), 1)
        )
        whole = (noise * (0.0 if self.mute else 0.1)).astype(np.float32)
        first, last = (None if frame is None else round(frame / self.rate * SUNG) for frame in (start, stop))
        return Audio(whole[first:last], SUNG)


def heard(path: Path) -> np.ndarray:
    """The sound of a file at 48 kHz, left and right in one: float [samples]."""
    with av.open(str(path)) as file:
        made = [frame.to_ndarray() for frame in file.decode(file.streams.audio[0])]
        planar = file.streams.audio[0].codec_context.format.is_planar
    if planar:
        return np.concatenate(made, axis=1).mean(axis=0)
    return np.concatenate(made, axis=1).reshape(-1, 2).mean(axis=1) / 32768


def sung(folder: Path, backend: Paint, shot: str, seconds: float, take: int = -1, rate: float = 12.0) -> np.ndarray:
    """What a renderer's level says of a shot's first seconds, at 48 kHz: float [samples]."""
    journal = Journal(folder / ".storyforge" / "journal.sqlite")
    result = journal.results("draw")[shot][take]
    journal.close()
    store = Store(folder / ".storyforge" / "store")
    kept, drawn = store.arrays(Key(result.source)), store.look(result.key)
    assert kept is not None
    assert drawn is not None
    arrays, meta = kept
    audio = backend.sound(Latents(meta["id"], meta["stride"], arrays, meta["meta"]))
    assert audio is not None
    first = round(drawn.meta["start"] / rate * audio.rate)
    mine = audio.samples[first : first + round(seconds * audio.rate)].mean(axis=1)
    return resampled(mine, audio.rate)


def found(film: np.ndarray, wanted: np.ndarray) -> tuple[int, float]:
    """Where in a film a sound is heard, in samples, and how alike the two are there, up to 1."""
    size = 1 << (len(film) + len(wanted)).bit_length()
    mine = wanted - wanted.mean()
    across = np.fft.irfft(np.fft.rfft(film, size) * np.conj(np.fft.rfft(mine, size)), size)[: len(film)]
    at = int(np.argmax(across))
    part = film[at : at + len(mine)]
    part = part - part.mean()
    return at, float(part @ mine[: len(part)] / (np.linalg.norm(part) * np.linalg.norm(mine[: len(part)]) + 1e-12))


def near(at: int, seconds: float) -> bool:
    """Whether a sample is heard at that time, to a millisecond."""
    return abs(at - seconds * RATE) <= RATE / 1000

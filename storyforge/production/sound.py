"""Sound: the film's soundtrack as one task, kept under the key of all that is heard in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyforge.backends import Noise
from storyforge.cas import Blob, Key, Store, file_digest, key
from storyforge.errors import RenderError
from storyforge.production.record import Record
from storyforge.production.renderers import maker
from storyforge.storyboard import OWN_SOUND, Resolved, ResolvedShot, recording

if TYPE_CHECKING:
    from storyforge.film.sound import Effect, OwnSound, Soundtrack, Voice

NAME = "soundtrack"


@dataclass(frozen=True)
class SoundJob:
    """What a soundtrack is made from. home: the storyboard's folder; noises: what is heard of each shot's picture.

    own: the sound that renderers made of shots, in place of their noises and ambience.
    """

    resolved: Resolved
    home: Path
    voice: "Voice"
    noises: Mapping[str, Sequence[Noise]]
    own: "Mapping[str, OwnSound]" = field(default_factory=dict)

    def soundtrack(self) -> "Soundtrack":
        """The whole of it, as a Source."""
        from storyforge.film.sound import Soundtrack

        return Soundtrack(self.resolved, self.home, self.voice, self.effects, self.own)

    @cached_property
    def effects(self) -> "list[Effect]":
        """The noises of all shots, on the film's samples."""
        from storyforge.film.sound import Effect, sample

        film = self.resolved
        return [
            Effect(noise.kind, sample(shot.start + noise.frame, film.rate), noise.loud, noise.pan)
            for shot in film.shots
            if shot.id not in self.own
            for noise in self.noises.get(shot.id, ())
        ]

    @cached_property
    def key(self) -> Key:
        """Words, times, voices, places, weather, feelings, music, recordings by their contents, noises, own sound."""
        from storyforge.film.sound import VERSION, sounds, spoken, stretches

        film = self.resolved
        music, recorded = stretches(film, self.home), sounds(film, self.home)
        files = {one.recording.path for one in music} | {one.recording.path for one in recorded}
        digests = {path: file_digest(path) for path in files}
        return key(
            "sound", VERSION, frames=film.frames, rate=film.rate, seed=film.board.seed, end=film.end_kind,
            fade=film.end_frames, voice=self.voice.name, lines=spoken(film), shots=[*map(self._shot, film.shots)],
            noises={shot.id: self.noises.get(shot.id, ()) for shot in film.shots},
            music=[(one.start, one.stop, digests[one.recording.path]) for one in music],
            sounds=[(one.start, one.stop, one.gain, digests[one.recording.path]) for one in recorded],
            **({"own": self._own} if self.own else {}),
        )  # fmt: skip

    @property
    def _own(self) -> list[Any]:
        """The sound of shots by what is heard of it, and whether the one before goes on in it."""
        shots = self.resolved.shots
        before = [None, *(self.own.get(shot.id) for shot in shots)]
        heard = [(shot.id, self.own.get(shot.id), last) for shot, last in zip(shots, before, strict=False)]
        return [[name, one.digest, last is not None and last.goes_on(one)] for name, one, last in heard if one]

    def _shot(self, shot: Any) -> Any:
        """What ambience and score go by."""
        place = self.resolved.board.places.get(shot.place or "")
        acted = [
            (piece.start, piece.stop, piece.action, [(one.id, one.feels, one.does) for one in piece.cast])
            for piece in shot.pieces
        ]
        return [
            shot.scene.id, shot.id, shot.start, shot.frames, shot.join_kind, shot.join_frames, shot.place,
            place.description if place else None, shot.time, shot.weather, shot.seed, acted,
            [_told(layer.music) for layer in (shot.shot, shot.scene, self.resolved.board)],
        ]  # fmt: skip


def _told(music: str | None) -> str | bool | None:
    """What `music:` says in words; of a file only that it is one, for it is heard by its contents."""
    return True if recording(music) else music


def make_sound(record: Record, job: SoundJob) -> Blob:
    """The soundtrack in the store; made when it is not there."""
    kept = record.store.get(job.key)
    frames = job.resolved.frames
    if kept is not None:
        record.reused("sound", NAME, frames)
        return kept
    with record.task("sound", NAME, frames, job.key):
        _make(record, job)
    made = record.store.look(job.key)
    if made is None:
        raise RenderError("the soundtrack vanished from the store; run the same command again")
    return made


def _make(record: Record, job: SoundJob) -> None:
    from storyforge.film.sound import master

    tell, frames, track = record.gradually("sound"), job.resolved.frames, job.soundtrack()
    meta: dict[str, Any] = {"voice": job.voice.name, **({"own": sorted(job.own)} if job.own else {})}
    with record.store.writing(job.key, ".m4a", meta) as path:
        made = master(path, track, track.samples, lambda done, total: tell(frames * done // total, frames))
        meta |= {"samples": made.samples, "gain": round(made.gain, 2)}
        meta |= {"loudness": round(made.loudness, 2) if isfinite(made.loudness) else None}


def noises_of(store: Store, shots: Mapping[str, Key]) -> dict[str, tuple[Noise, ...]]:
    """What is heard of each drawn shot, as it was noted when it was drawn."""
    found = {name: store.look(shot) for name, shot in shots.items()}
    return {name: tuple(Noise(*noise) for noise in blob.meta.get("noises", ())) for name, blob in found.items() if blob}


def own_sounds(
    store: Store, resolved: Resolved, shots: Mapping[str, Key], made_by: Mapping[str, str]
) -> "dict[str, OwnSound]":
    """The sound that renderers made of drawn shots, where the storyboard lets it be heard.

    made_by: what made them, in words, by shot id; a take that is picked may be another renderer's than the shot's.
    """
    from storyforge.film.sound import OwnSound

    found = {}
    for shot in resolved.shots:
        name = maker(made_by[shot.id]) if shot.id in made_by else shot.renderer
        blob = store.look(shots[shot.id]) if shot.id in shots and wanted(shot, name) else None
        if blob and (told := blob.meta.get("sound")):
            start, stop = Fraction(told["start"]), Fraction(told["stop"])
            found[shot.id] = OwnSound(blob.path, told["digest"], told["level"], start, stop)
    return found


def wanted(shot: ResolvedShot, renderer: str) -> bool:
    """Whether the sound that a renderer made of a shot is to be heard: unless the storyboard says false."""
    return shot.options.get(renderer, {}).get(OWN_SOUND) is not False


def check_recordings(resolved: Resolved, home: Path) -> None:
    """Opens every recording that the storyboard names, before anything is rendered. Raises InputError."""
    from storyforge.film.sound import sounds, stretches

    found = {one.recording.path: one.recording for one in stretches(resolved, home)}
    found |= {one.recording.path: one.recording for one in sounds(resolved, home)}
    for one in found.values():
        one.check()

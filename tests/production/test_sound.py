"""A film's sound is made once, from all that is heard in it, and an edit makes again only what it reaches."""

import json
import wave
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from paint import BOARD, Paint, rendered, studio
from test_run import Heard, shots

from storyforge.backends import Acting, Latents, Noise
from storyforge.backends import Heard as Heard_
from storyforge.cas import Key, Store
from storyforge.errors import InputError
from storyforge.film.sound import RATE, TARGET, Recording, integrated, sample, voice_for
from storyforge.production import Film, Order, Project, events
from storyforge.production.draw import DrawJob
from storyforge.production.sound import SoundJob, noises_of

INLINE = Order(workers=1)
SILENT = Order(workers=1, silent=True)


class Acted(Paint):
    """A Paint that darkens as mouths open, remembers how it was told to act, and hears a door in each shot's middle."""

    told: dict[tuple[str, int], Acting | None]

    def decode(self, latents: Latents, size: tuple[int, int], start: int = 0, stop: int | None = None,
               acting: Acting | None = None):  # fmt: skip
        self.told = {**getattr(self, "told", {}), (latents.id, start): acting}
        lines = [one for one in acting.lines if one.mouth] if acting else []
        for number, frame in enumerate(super().decode(latents, size, start, stop, acting), start):
            wide = max((one.mouth[number - one.start] for one in lines if one.start <= number < one.stop), default=0)
            yield (frame * (1 - wide / 2)).astype(np.uint8)

    def noises(
        self, latents: Latents, start: int = 0, stop: int | None = None, acting: Acting | None = None
    ) -> tuple[Noise, ...]:
        return (Noise("door", ((stop or 0) - start) // 2, 1.0, -0.5),)


@pytest.fixture
def paint() -> Acted:
    return Acted()


@pytest.fixture(scope="module")
def acted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Acted, Film]:
    """BOARD's project, rendered to be looked at, with the paint that remembers it and what was made."""
    paint = Acted()
    project = studio(tmp_path_factory.mktemp("acted"), BOARD, paint)
    return project, paint, project.produce(INLINE)


def sound_of(path: Path) -> np.ndarray:
    with av.open(str(path)) as file:
        frames = [frame.to_ndarray() for frame in file.decode(file.streams.audio[0])]
    return np.concatenate(frames, axis=1).T


def edited(folder: Path, old: str, new: str, paint: Paint, order: Order = INLINE) -> Heard:
    heard = Heard()
    assert old in BOARD
    studio(folder, BOARD.replace(old, new), paint).produce(order, heard)
    return heard


def test_a_film_is_heard_at_its_loudness(acted: tuple[Project, Acted, Film]) -> None:
    project, _, made = acted
    sound = sound_of(project.folder / "film.mp4")
    assert integrated([sound]) == pytest.approx(TARGET, abs=0.5)
    length = made.frames / Fraction(12) * RATE
    assert abs(len(sound) - length) <= 1024, "it ends with the picture, within one frame of AAC"
    with av.open(str(project.folder / "film.mp4")) as file:
        stream = file.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.channels) == ("aac", 48_000, 2)
        assert stream.start_time == 0
    with av.open(str(project.folder / "shots" / "talk.mp4")) as file:
        assert not file.streams.audio
    assert made.seconds.sound > 0


def test_the_same_film_has_the_same_sound(tmp_path: Path) -> None:
    rendered(tmp_path / "one", Acted(), silent=False)
    studio(tmp_path / "other", BOARD, Acted()).produce(INLINE)
    assert (tmp_path / "one" / "film.mp4").read_bytes() == (tmp_path / "other" / "film.mp4").read_bytes()


def test_silent_means_no_audio_track(tmp_path: Path, paint: Acted) -> None:
    heard = Heard()
    studio(tmp_path, BOARD, paint).produce(SILENT, heard)
    with av.open(str(tmp_path / "film.mp4")) as file:
        assert not file.streams.audio
    assert not heard.done("sound")
    assert edited(tmp_path, "Two Friends", "Two Friends", paint).done("sound") == ["soundtrack"]
    with av.open(str(tmp_path / "film.mp4")) as file:
        assert len(file.streams.audio) == 1


def test_a_line_s_words_reach_its_shot_and_the_sound(tmp_path: Path, paint: Acted) -> None:
    rendered(tmp_path, paint, silent=False)
    before = shots(tmp_path)
    heard = edited(tmp_path, "Who goes there?", "Who comes here?", paint)
    assert heard.done("draw") == ["talk"]
    assert heard.done("sound") == ["soundtrack"]
    assert heard.done("film") == ["film.mp4"]
    assert not heard.done("cast") + heard.done("panels") + heard.done("level")
    after = shots(tmp_path)
    assert {name for name in before if before[name] != after[name]} == {"talk"}


def test_a_narrator_without_a_voice_is_told_of_once(
    tmp_path: Path, paint: Acted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    def told(text: str, order: Order) -> list[str]:
        heard = Heard()
        studio(tmp_path, text, paint).produce(order, heard)
        return [event.sentence for event in heard if isinstance(event, events.Warning)]

    (sentence,) = told(BOARD, INLINE)
    assert sentence.startswith("No espeak-ng is installed, so the narrator is silent and captions tell the story;")
    assert not told(BOARD, SILENT)
    assert not told(BOARD.replace('narration: "Ember walked."', 'action: "Ember walks."'), INLINE)


def test_narration_reaches_no_shot(tmp_path: Path, paint: Acted) -> None:
    rendered(tmp_path, paint, silent=False)
    heard = edited(tmp_path, "Ember walked.", "Ember walked on and on.", paint)
    assert not heard.done("draw")
    assert heard.done("sound") == ["soundtrack"]


def test_what_is_not_heard_leaves_the_sound_alone(tmp_path: Path, paint: Acted) -> None:
    rendered(tmp_path, paint, silent=False)
    for old, new in (("Two Friends", "Three Friends"), ("a yellow raincoat", "a red raincoat")):
        heard = edited(tmp_path, old, new, paint)
        assert not heard.done("sound"), new
        assert heard.done("film") == ["film.mp4"], new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("time: night", "time: dawn"),
        ("time: night", "time: night\n    music: a merry dance"),
        ("seed: 7\n", "seed: 8\n"),
        ("end: {kind: fade", "end: {kind: cut"),
        ('grey moth"}', 'grey moth", voice: de}'),
        ("Who goes there?\"}", "Who goes there?\", how: quietly}"),
    ],
)  # fmt: skip
def test_what_is_heard_makes_it_again(tmp_path: Path, paint: Acted, old: str, new: str) -> None:
    rendered(tmp_path, paint, silent=False)
    assert edited(tmp_path, old, new, paint).done("sound") == ["soundtrack"]


def test_mouths_are_told_of_lines_that_are_seen(acted: tuple[Project, Acted, Film]) -> None:
    project, paint, _ = acted
    acting = paint.told["talk/1", 0]
    assert acting is not None
    (heard,) = acting.lines
    line = project.resolved().shots[2].lines[0]
    assert (heard.who, heard.start, heard.stop) == ("moth", line.start, line.stop)
    assert len(heard.mouth) == line.stop - line.start
    assert max(heard.mouth) > 0.5
    assert paint.told["walk..run/1", 0] is None, "narration moves no mouth"
    assert paint.told["panels", 0] is None, "panels are stills"


def test_no_mouth_moves_off_screen(tmp_path: Path, paint: Acted) -> None:
    line = 'line: "Who goes there?"'
    studio(tmp_path, BOARD.replace(line, f"{line}, on: false"), paint).produce(SILENT)
    acting = paint.told["talk/1", 0]
    assert acting is not None
    assert [heard.mouth for heard in acting.lines] == [()]


def test_a_line_before_the_cut_is_told_to_both_shots(tmp_path: Path, paint: Acted) -> None:
    line = 'line: "Who goes there?"'
    project = studio(tmp_path, BOARD.replace(line, f"{line}, at: -0.5"), paint)
    project.produce(SILENT)
    before, after = paint.told["walk..run/1", 0], paint.told["talk/1", 0]
    assert before is not None
    assert after is not None
    assert [(one.start, one.stop, one.mouth) for one in before.lines] == [(36, 42, ())], "moth is not in that shot"
    (line_,) = after.lines
    assert line_.start == 0
    assert len(line_.mouth) == line_.stop


def test_noises_are_kept_with_their_shots(acted: tuple[Project, Acted, Film]) -> None:
    project, _, _ = acted
    store = Store(project.folder / ".storyforge" / "store")
    known = [blob for record in store.folder.glob("??/*.json") if (blob := store.look(Key(record.stem)))]
    keys = {blob.meta["shot"]: blob.key for blob in known if blob.path.suffix == ".mp4" and "shot" in blob.meta}
    noises = noises_of(store, keys)
    assert {name: noise.frame for name, (noise,) in noises.items()} == {"walk": 12, "run": 9, "talk": 18, "sleep": 12}
    assert noises["talk"] == (Noise("door", 18, 1.0, -0.5),)
    effects = SoundJob(project.resolved(), project.folder, voice_for(), noises).effects
    rate = project.resolved().rate
    at = {shot.id: shot.start + shot.frames // 2 for shot in project.resolved().shots}
    assert [effect.at for effect in effects] == [sample(frame, rate) for frame in at.values()]
    assert {(effect.kind, effect.pan) for effect in effects} == {("door", -0.5)}


def test_mouth_and_voice_agree(tmp_path: Path, paint: Acted) -> None:
    """The mouths that renderers are told of follow the speech of the soundtrack, frame by frame over the film."""
    talk = """
          - {who: moth, line: "Who goes there, so late, with a lantern in the wood?"}
          - {who: moth, line: "Nobody answers; it must have been the wind."}"""
    board = BOARD.replace('[{who: moth, line: "Who goes there?"}]', talk).replace("seconds: 3", "seconds: 8")
    project = studio(tmp_path, board.replace("fps: 12", "fps: 24"), paint)
    project.produce(SILENT)
    resolved = project.resolved()
    speech = SoundJob(resolved, tmp_path, voice_for(), {}).soundtrack().speech
    samples = speech.block(0, sample(resolved.frames, resolved.rate)).sum(axis=1)
    mouth, voice = np.zeros(resolved.frames), np.zeros(resolved.frames)
    for frame in range(resolved.frames):
        heard = samples[sample(frame, resolved.rate) : sample(frame + 1, resolved.rate)]
        voice[frame] = np.sqrt(np.square(heard).mean())
    acting, first = paint.told["talk/1", 0], resolved.shots[2].start
    assert acting is not None
    for line in acting.lines:
        mouth[first + line.start : first + line.stop] = line.mouth
    assert mouth.max() > 0.5
    assert np.corrcoef(mouth, voice)[0, 1] >= 0.8
    assert mouth[voice < 1e-4].max() <= 0.2, "in silence mouths are closed"


def tone(path: Path, hertz: float, seconds: float) -> None:
    wave_ = 0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((wave_ * 32767).astype("<i2").tobytes())


def strength(sound: np.ndarray, hertz: float, start: float, stop: float) -> float:
    """How strong one frequency is over some seconds of a film, as the amplitude of its sine."""
    part = sound[round(start * RATE) : round(stop * RATE)].mean(axis=1)
    at = np.arange(len(part)) / RATE
    return float(2 * np.abs(np.mean(part * np.hanning(len(part)) * 2 * np.exp(-2j * np.pi * hertz * at))))


def test_recordings_are_heard_and_enter_by_their_contents(tmp_path: Path, paint: Acted) -> None:
    tone(tmp_path / "hum.wav", 3017, 1.0)
    tone(tmp_path / "bell.wav", 5003, 0.5)
    old = "        cast: [{who: ember@rain"
    new = f"        music: hum.wav\n        sounds: [{{file: bell.wav, at: 1, volume: -6}}]\n{old}"
    heard = edited(tmp_path, old, new, paint)
    assert heard.done("sound") == ["soundtrack"]
    sound = sound_of(tmp_path / "film.mp4")
    night = 6.0  # seconds: where the shot `sleep` begins
    assert strength(sound, 3017, night + 0.1, night + 1.4) > 20 * strength(sound, 3017, night - 2, night - 0.2)
    bell = [strength(sound, 5003, night + at, night + at + 0.4) for at in (0.5, 1.05, 1.6)]
    assert bell[1] > 20 * bell[0]
    assert bell[1] > 20 * bell[2]
    assert not edited(tmp_path, old, new, paint).done("sound")
    tone(tmp_path / "bell.wav", 4001, 0.5)
    assert edited(tmp_path, old, new, paint).done("sound") == ["soundtrack"]
    (tmp_path / "hum.wav").rename(tmp_path / "drone.wav")
    assert not edited(tmp_path, old, new.replace("hum", "drone"), paint).done("sound"), "its name is not heard"


def test_a_recording_that_cannot_be_read_is_said_before_anything_is_rendered(tmp_path: Path, paint: Acted) -> None:
    (tmp_path / "hum.mp3").write_text("no music")
    project = studio(tmp_path, BOARD.replace("seed: 7", "seed: 7\nmusic: hum.mp3"), paint)
    with pytest.raises(InputError, match=r"^hum.mp3 cannot be read as sound"):
        project.produce(INLINE)
    assert not paint.calls
    assert project.produce(SILENT).film is not None


def flac(path: Path, seconds: float) -> None:
    """A noise as a file."""
    noise = np.random.default_rng(0).integers(-9000, 9000, (1, round(seconds * RATE))).astype(np.int16)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("flac", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(noise, format="s16", layout="mono")
        frame.sample_rate, frame.pts = RATE, 0
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def test_a_recording_that_fails_late_costs_the_sound_alone(
    tmp_path: Path, paint: Acted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(self: Recording, start: int, stop: int) -> None:
        raise InputError(f"{self.name} cannot be read as sound (its disk is gone)")

    flac(tmp_path / "hum.flac", 6)
    monkeypatch.setattr(Recording, "repeated", late)
    for _ in range(2):
        heard = edited(tmp_path, "seed: 7", "seed: 7\nmusic: hum.flac", paint)
        warnings = [event.sentence for event in heard if isinstance(event, events.Warning)]
        (warned,) = [sentence for sentence in warnings if "espeak" not in sentence]
        assert warned.startswith("hum.flac cannot be read as sound")
        assert warned.endswith("the film is made without sound: replace that file and render again")
        with av.open(str(tmp_path / "film.mp4")) as file:
            assert not file.streams.audio
    monkeypatch.undo()
    heard = edited(tmp_path, "seed: 7", "seed: 7\nmusic: hum.flac", paint)
    assert (heard.done("draw"), heard.done("sound"), heard.done("film")) == ([], ["soundtrack"], ["film.mp4"])
    with av.open(str(tmp_path / "film.mp4")) as file:
        assert len(file.streams.audio) == 1


def test_a_film_with_a_failed_shot_is_heard(tmp_path: Path, paint: Acted) -> None:
    paint.fails = {"talk"}
    made = studio(tmp_path, BOARD, paint).produce(INLINE)
    assert set(made.failed) == {"talk"}
    assert np.abs(sound_of(tmp_path / "film.mp4")).max() > 0.05


def test_a_survey_knows_of_the_sound(tmp_path: Path, paint: Acted) -> None:
    project = studio(tmp_path, BOARD, paint)
    steps = {step.kind: step for step in project.survey()}
    assert (steps["sound"].units, steps["sound"].done) == (96, False)
    assert "sound" not in {step.kind for step in project.survey(Order(silent=True))}
    rendered(tmp_path, paint, silent=False)
    assert all(step.done for step in project.survey())


def test_a_survey_knows_a_film_that_is_stale_or_gone(tmp_path: Path, paint: Acted) -> None:
    rendered(tmp_path, paint, silent=False)

    def todo(board: str = BOARD, order: Order = INLINE) -> list[str]:
        return [step.kind for step in studio(tmp_path, board, paint).survey(order) if not step.done]

    assert todo() == []
    assert todo(order=Order(captions="soft")) == ["film"]
    assert todo(order=Order(silent=True)) == ["film"]
    assert todo(BOARD.replace("Two Friends", "Three Friends")) == ["film"]
    assert todo(BOARD.replace("Ember walked.", "Ember ran.")) == ["sound", "film"]
    (tmp_path / "film.mp4").unlink()
    assert todo() == ["film"]


def test_provenance_tells_of_the_sound(acted: tuple[Project, Acted, Film]) -> None:
    project, _, _ = acted
    record = json.loads((project.folder / "film.provenance.json").read_text())
    assert record["sound"]["voice"]
    assert record["sound"]["loudness"] == pytest.approx(TARGET, abs=0.5)


def test_a_job_goes_through_json() -> None:
    acting = Acting((Heard_("moth", 1, 3, (0.0, 0.5)), Heard_(None, 4, 9)))
    job = DrawJob("toon", "store", Key("a"), Key("b"), 0, 9, (96, 64), "24", "talk", acting=acting)
    assert DrawJob.read(json.loads(json.dumps(job.write()))) == job
    bare = replace(job, acting=None)
    assert DrawJob.read(json.loads(json.dumps(bare.write()))) == bare

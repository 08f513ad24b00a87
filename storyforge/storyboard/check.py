"""What will not be seen as written: ignored fields, the nearest things that can be drawn, joins that surprise."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from pathlib import Path as File
from typing import Any, Literal, NamedTuple

from storyforge import clock
from storyforge.errors import InputError
from storyforge.storyboard import flows, words
from storyforge.storyboard.answers import models, options
from storyforge.storyboard.inheritance import OWN_SOUND
from storyforge.storyboard.model import Camera, Member
from storyforge.storyboard.renderers import Renderer, filmed, renderer
from storyforge.storyboard.resolve import Resolved, ResolvedShot
from storyforge.storyboard.rules import files
from storyforge.storyboard.sources import audible, surprises
from storyforge.storyboard.staging import misread
from storyforge.storyboard.vocabulary import Meaning, Section, Vocabulary
from storyforge.storyboard.yaml import Document

Level = Literal["ignored", "nearest", "warning"]
Path = tuple[str | int, ...]

CHARACTERS, PROPS = 3, 1  # what a renderer with a vocabulary draws in one span, in one shot
HASTY = 0.6  # of the time that a roll needs: with less nobody reads it
TOLD = ("references", "keyframes", "style", "avoid", "prompt", "beats")


class Notice(NamedTuple):
    """Something of a storyboard that will not be as written."""

    place: str
    sentence: str
    level: Level


class Lengths(NamedTuple):
    """Seconds of the shots together, of the overlaps of dissolves, and of the film; the film's frames."""

    shots: float
    overlaps: float
    film: float
    frames: int

    def __str__(self) -> str:
        over = f" less {self.overlaps:g} s of overlaps" if self.overlaps else ""
        return f"{self.shots:g} s of shots{over}: a film of {self.film:g} s ({self.frames} frames)"


def lengths(resolved: Resolved) -> Lengths:
    """How long the film is, and why it is shorter than its shots (DESIGN 4, Time)."""
    total = sum(shot.frames for shot in resolved.shots)
    counts = (total, total - resolved.frames, resolved.frames)
    shots, overlaps, film = (round(clock.seconds(count, resolved.rate), 2) for count in counts)
    return Lengths(shots, overlaps, film, resolved.frames)


def check(document: Document, vocabulary: Mapping[str, Any] | None = None) -> list[Notice]:
    """All notices in the order of the text; `vocabulary` replaces the renderers' own vocabulary.yaml."""
    checker = Checker(document, vocabulary)
    found = {
        *checker.ignored(),
        *checker.nearest(),
        *checker.crowded(),
        *checker.surprising(),
        *checker.shown(),
        *checker.unheard(),
        *checker.sounding(),
        *checker.flowing(),
    }
    marks = document.marks
    order = {f"{document.path}:{mark[0]}:{mark[1]}": mark for mark in marks.values()}
    return sorted(found, key=lambda notice: (order.get(notice.place, (0, 0)), notice.sentence))


class Checker:
    """One document with its film in frames and the renderers it names."""

    def __init__(self, document: Document, vocabulary: Mapping[str, Any] | None) -> None:
        self.document = document
        self.board = document.board
        self.resolved = filmed(document.board, File(document.path).absolute().parent)
        self.given = vocabulary
        self._renderers: dict[str, Renderer] = {}

    def renderer(self, name: str) -> Renderer:
        """A renderer, read once."""
        if name not in self._renderers:
            self._renderers[name] = renderer(name, File(self.document.path).absolute().parent, self.given)
        return self._renderers[name]

    @cached_property
    def paths(self) -> dict[str, Path]:
        """Where each shot is written."""
        return {
            shot.id: ("scenes", s, "shots", i)
            for s, scene in enumerate(self.board.scenes)
            for i, shot in enumerate(scene.shots)
        }

    @cached_property
    def users(self) -> dict[Path, set[str]]:
        """For the film, each scene, shot and entity: the renderers that read it."""
        out: dict[Path, set[str]] = {(): set()}
        for shot in self.resolved.shots:
            if shot.shown is not None:
                continue
            entities = [("cast", member.id) for piece in shot.pieces for member in piece.cast]
            held = [member.holds for piece in shot.pieces for member in piece.cast if member.holds]
            entities += [("props", prop) for prop in (*shot.props, *held)]
            entities += [("places", shot.place)] if shot.place else []
            path = self.paths[shot.id]
            for one in ((), path[:2], path, *entities):
                out.setdefault(one, set()).add(shot.renderer)
        return out

    def notice(self, path: Path, sentence: str, level: Level) -> Notice:
        """A notice at a place of the document."""
        return Notice(self.document.place(path), sentence, level)

    def ignored(self) -> Iterator[Notice]:
        """Fields that are set and that the renderer (or this version) does not read."""
        for path, model in models(self.board):
            readers = self.users.get(path, self.users[()] if path[:1] != ("scenes",) else set())
            for key, value in model:
                if key not in TOLD or value in (None, (), False, ""):
                    continue
                for reason in [self.renderer(name).ignores.get(key) for name in sorted(readers)]:
                    if reason and not (isinstance(value, str) and value.casefold() in reason.casefold()):
                        yield self.notice((*path, key), f"{reason}: {shown(key, value)} is ignored", "ignored")

    def nearest(self) -> Iterator[Notice]:
        """Things that a renderer with a vocabulary draws as something else, or not at all."""
        for name in sorted(self.users[()]):
            data = self.renderer(name).vocabulary
            if data:
                vocabulary = Vocabulary(data)
                yield from self.entities(name, vocabulary)
                yield from self.scenery(name, vocabulary)
                yield from self.doings(name, vocabulary)

    def entities(self, name: str, vocabulary: Vocabulary) -> Iterator[Notice]:
        """Descriptions and clothes of whoever and whatever this renderer draws."""
        sections: dict[str, Section] = {"cast": "kinds", "props": "props", "places": "places"}
        for path, model in models(self.board):
            if path[:1] == ("scenes",) or not path or name not in self.users.get(path[:2], ()):
                continue
            for key, section in (("description", sections[str(path[0])]), ("wears", "wears")):
                text = getattr(model, key, None)
                if text:
                    yield from self.drawn(name, (*path, key), vocabulary.noun(text, section), section)

    def scenery(self, name: str, vocabulary: Vocabulary) -> Iterator[Notice]:
        """Times of day and weathers."""
        kinds: tuple[tuple[str, Section], ...] = (("time", "times"), ("weather", "weathers"))
        for path, model in models(self.board):
            for key, section in kinds:
                text = getattr(model, key, None)
                if text and name in self.users.get(path, ()):
                    yield from self.drawn(name, (*path, key), vocabulary.noun(text, section), section)

    def doings(self, name: str, vocabulary: Vocabulary) -> Iterator[Notice]:
        """What members do and feel; the action's verb where nobody's own is given."""
        for shot in self.resolved.shots:
            if shot.renderer != name or shot.shown is not None:
                continue
            for path, cast, action in self.told(shot):
                for index, member in enumerate(cast):
                    here = (*path, "cast", index)
                    if member.faces == "away":
                        said = f"{name} draws backs only over a shoulder; nearest: {member.who} from the side"
                        yield self.notice((*here, "faces"), said, "nearest")
                    if member.does:
                        yield from self.drawn(name, (*here, "does"), vocabulary.verb(member.does), "actions")
                    if member.feels:
                        meaning = vocabulary.noun(member.feels, "feelings")
                        yield from self.drawn(name, (*here, "feels"), meaning, "feelings")
                if action and not any(member.does for member in cast) and shot.cast:
                    meaning = vocabulary.verb(action)
                    if meaning.drawn and not meaning.exact:
                        yield from self.drawn(name, (*path, "action"), meaning, "actions")

    def told(self, shot: ResolvedShot) -> Iterator[tuple[Path, tuple[Member, ...], str | None]]:
        """A shot's own cast and action, then each beat's."""
        path = self.paths[shot.id]
        yield path, shot.shot.cast, shot.shot.action
        for index, beat in enumerate(shot.shot.beats):
            yield (*path, "beats", index), beat.cast, beat.action

    def drawn(self, name: str, path: Path, meaning: Meaning, section: Section) -> Iterator[Notice]:
        """A notice when something is drawn as something else."""
        if meaning.drawn and meaning.exact:
            return
        what = {
            "actions": "way to show that somebody {}",
            "feelings": "face for {}",
            "times": "time {}",
            "weathers": "{} weather",
        }
        said = what.get(section, "{}").format(meaning.word)
        near = f"nearest: {meaning.drawn}" if meaning.drawn else f"and nothing near it among its {section}"
        yield self.notice(path, f"{name} has no {said}; {near}", "nearest")

    def crowded(self) -> Iterator[Notice]:
        """More characters in a span, or props in a shot, than a renderer with a vocabulary draws."""
        for span in self.resolved.spans:
            shots = [self.resolved.shots[index] for index in span]
            name = shots[0].renderer
            if shots[0].shown is not None or not self.renderer(name).vocabulary:
                continue
            seen = dict.fromkeys(member.id for shot in shots for piece in shot.pieces for member in piece.cast)
            if len(seen) > CHARACTERS:
                to = f" to {shots[-1].id}" if len(shots) > 1 else ""
                here = f"{name} draws {CHARACTERS} characters at once; {shots[0].id}{to} has {len(seen)}"
                said = f"{here} ({', '.join(seen)}): the {CHARACTERS} that matter most are drawn"
                yield self.notice((*self.paths[shots[0].id], "cast"), said, "warning")
            for shot in shots:
                held = [member.holds for piece in shot.pieces for member in piece.cast if member.holds]
                things = dict.fromkeys([*held, *shot.props])
                if len(things) > PROPS:
                    said = f"{name} draws one prop in a shot, and {shot.id} has {len(things)} ({', '.join(things)})"
                    yield self.notice(self.paths[shot.id], f"{said}: {next(iter(things))} is drawn", "warning")

    def shown(self) -> Iterator[Notice]:
        """What a shot says beside a source or a control that is not made of it, and what is the matter with those."""
        folder = File(self.document.path).absolute().parent
        for shot in self.resolved.shots:
            controls = self.renderer(shot.renderer).controls if shot.shot.control else ()
            yield from self.lacking(shot)
            for within, said in surprises(shot, folder, Fraction(shot.frames) / self.resolved.rate, controls):
                yield self.notice((*self.paths[shot.id], *within), said, "ignored" if "ignored" in said else "warning")

    def lacking(self, shot: ResolvedShot) -> Iterator[Notice]:
        """Films that a shot's renderer cannot do without, and pictures at moments that it cannot show them at."""
        able, path = self.renderer(shot.renderer), self.paths[shot.id]
        if shot.shown is not None:
            return
        if able.starts and not shot.shot.source:
            said = (
                f"{shot.renderer} starts from a film and {shot.id} has none, so it will fail: give it source, strength"
            )
            yield self.notice(path, said, "warning")
        if able.driven and not shot.shot.control:
            kind = able.controls[0]
            said = f"{shot.renderer} is driven by a film and {shot.id} has none, so it will fail: give it control: "
            yield self.notice(path, f"{said}{{kind: {kind}, video: FILE}}", "warning")
        for index, (frame, name) in enumerate(shot.keyframes):
            if able.begins and frame:
                said = f"{shot.renderer} is shown a picture at the start alone: {name} is ignored"
                yield self.notice((*path, "keyframes", index), said, "ignored")

    def flowing(self) -> Iterator[Notice]:
        """What later shots of a flow, and beats, say that only the first can, or one of them."""
        for span in self.resolved.spans:
            shots = [self.resolved.shots[index] for index in span]
            if shots[0].shown is None:
                able = self.renderer(shots[0].renderer)
                for shot, within, said in flows.ignored(shots, able):
                    yield self.notice((*self.paths[shot.id], *within), said, "ignored")
                for shot, within, said in flows.unheard(shots, able, self.resolved.rate, self.board.rate):
                    yield self.notice((*self.paths[shot.id], *within), said, "warning")

    def unheard(self) -> Iterator[Notice]:
        """Recordings that are there and hold no sound: a film with them is not rendered."""
        folder = File(self.document.path).absolute().parent
        for path, name in files(self.board):
            if {"music", "sounds"} & {*path} and (folder / name).is_file():
                try:
                    audible(folder / name, name)
                except InputError as error:
                    yield self.notice(path, str(error), "warning")

    def sounding(self) -> Iterator[Notice]:
        """What options say of the sound that a renderer makes, where it makes none."""
        for path, name, given in options(self.board):
            if OWN_SOUND in given and not self.renderer(name).sounds:
                yield self.notice(path, f"{name} makes no sound of its own: its option sound is ignored", "ignored")

    def surprising(self) -> Iterator[Notice]:
        """Joins that are a morph, words that do not fit, people who are looked at or heard and are not there."""
        before: ResolvedShot | None = None
        for shot in self.resolved.shots:
            path = self.paths[shot.id]
            if before and shot.join_kind == "flow":
                yield from self.morphs(before, shot, path)
            yield from self.hurried(shot, path)
            yield from self.unread(shot, path)
            yield from self.absent(shot, path)
            before = shot
        for shot, said in misread(self.resolved):
            yield self.notice((*self.paths[shot.id], "cast" if shot.shot.cast else "id"), said, "warning")

    def morphs(self, before: ResolvedShot, shot: ResolvedShot, path: Path) -> Iterator[Notice]:
        """A flow across places or looks: one thing turns into another before one's eyes."""
        where = (*path, "join") if shot.shot.join else (*path, "id")
        if before.place != shot.place:
            places = f"{before.place or 'no place'} into {shot.place or 'no place'}"
            said = f"the flow from {before.id} to {shot.id} turns {places}: a morph; use cut or dissolve for two places"
            yield self.notice(where, said, "warning")
        last, first = before.pieces[-1].cast, {member.id: member for member in shot.cast}
        for member in last:
            now = first.get(member.id)
            if now and now.look != member.look:
                yield self.notice(
                    where,
                    f"the flow from {before.id} to {shot.id} turns {member.key} into {now.key}: a morph",
                    "warning",
                )

    def hurried(self, shot: ResolvedShot, path: Path) -> Iterator[Notice]:
        """Words that are heard faster than one can read, and lines from before the film's first frame."""
        for line in shot.words:
            has = clock.seconds(line.stop - line.start, self.resolved.rate)
            pace = words.spoken_letters(line.line) / has
            if pace > words.FASTEST + 0.5:
                whose = f"{line.who}'s line" if line.who else "the narration"
                told = f"{whose} in {shot.id} takes {words.spoken(line.line):.1f} s and has {has:.1f} s"
                fix = f"{pace:.0f} letters a second are too many to read; give it more seconds or fewer words"
                yield self.notice((*path, "seconds"), f"{told}: {fix}", "warning")
                break  # once a shot: more seconds help all its words
        for index, one in enumerate(shot.shot.dialogue):
            if shot.index == 0 and one.at is not None and one.at < 0:
                told = f"a line of {shot.id} starts at {one.at:g} s, and the film has nothing before it"
                yield self.notice((*path, "dialogue", index, "at"), f"{told}: it is heard from the start", "warning")

    def unread(self, shot: ResolvedShot, path: Path) -> Iterator[Notice]:
        """Titles that are gone before they are read: cut off by the end of the shot, or rolling too fast."""
        lasts = clock.seconds(shot.frames, self.resolved.rate)
        for index, (title, timed) in enumerate(zip(shot.shot.titles, shot.titles, strict=True)):
            here, shown = (*path, "titles", index), clock.seconds(timed.stop - timed.start, self.resolved.rate)
            if title.seconds and title.seconds > shown + 0.1:
                said = f"this title asks for {title.seconds:g} s, and {shot.id} ends after {shown:.1f} s of it"
                yield self.notice(here, f"{said}: it goes with the shot ({lasts:.1f} s)", "warning")
            if title.place == "roll" and shown < HASTY * words.reading(title):
                said = f"this roll has {shown:.1f} s and needs about {words.reading(title):.0f} s to be read"
                yield self.notice(here, f"{said}: give {shot.id} more seconds or the roll fewer lines", "warning")

    def absent(self, shot: ResolvedShot, path: Path) -> Iterator[Notice]:
        """Somebody speaks on screen, or the camera is on somebody, who is not in the shot."""
        seen = {member.id for piece in shot.pieces for member in piece.cast}
        if shot.shown is not None:
            return  # nobody is drawn: whoever speaks there is heard only, and `shown` tells what else is ignored
        for index, line in enumerate(shot.shot.dialogue):
            name = line.who.partition("@")[0]
            if line.on and name not in seen:
                said = (
                    f"{name} speaks in {shot.id} and is not in its cast: no mouth moves; cast {name} or write on: false"
                )
                yield self.notice((*path, "dialogue", index), said, "warning")
        cameras: list[Camera] = [piece.camera for piece in shot.pieces]
        things = {*shot.props, *(member.holds for piece in shot.pieces for member in piece.cast)}
        for name in dict.fromkeys(camera.on for camera in cameras if camera.on):
            if name not in seen and name not in things:
                yield self.notice(
                    (*path, "camera"), f"the camera of {shot.id} is on {name}, and {name} is not in the shot", "warning"
                )


def shown(key: str, value: Any) -> str:
    """A field with its value, short."""
    if value is True:
        return f"{key} (true)"
    if isinstance(value, tuple):
        items = [str(getattr(one, "picture", one)) for one in value]
        return f"{key} ({', '.join(items)})" if key != "beats" else key
    return f"{key} ({value})" if len(str(value)) <= 60 else key

"""Whether toon stages what a storyboard says: places, looks, hands, feelings, cameras, read back from the drawn rig."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from storyforge.backends import CastRequest, Latents
from storyforge.memory import castings
from storyforge.production import Panel, Span, level_request, panels_request, spans
from storyforge.storyboard import Resolved, ResolvedMember, ResolvedShot, Storyboard, resolve

if TYPE_CHECKING:
    from storyforge.backends.toon import Toon
    from storyforge.backends.toon import measure_staging as seen_as

SIDES = {"far-left": -1.0, "left": -0.5, "centre": 0.0, "right": 0.5, "far-right": 1.0}
NEAR = 0.3  # of half the frame: how far from its place somebody may stand
ASIDE, MIDDLE = 0.25, 0.1  # whoever is told to be ASIDE or farther from the middle is on that side of it, by MIDDLE
MOST = 0.6  # of a shot's frames in which whoever is placed is seen
CLOSE = ("close", "extreme-close")
KINDS = ("fox", "dog", "girl", "owl", "bear", "mouse", "man", "robot")
FEELINGS = ("happy", "sad", "angry", "afraid", "surprised")
ACTIONS = {"sits": "sit", "waves": "wave", "sleeps": "sleep", "dances": "dance", "walks": "walk", "runs": "run"}


@dataclass
class Kept:
    """Right answers of all answers by what was asked, with the shots that went wrong, and how far set-ups differ."""

    right: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    setups: dict[str, float] = field(default_factory=dict)  # largest difference, widths of the frame, of what recurs

    def note(self, name: str, kept: bool, told: str) -> None:
        """Counts one answer."""
        self.asked[name] = self.asked.get(name, 0) + 1
        self.right[name] = self.right.get(name, 0) + kept
        if not kept:
            self.wrong.setdefault(name, []).append(told)

    @property
    def shares(self) -> dict[str, float]:
        """Share of right answers by what was asked."""
        return {name: self.right[name] / asked for name, asked in sorted(self.asked.items())}


def staged(toon: "Toon", board: Storyboard) -> Kept:
    """Renders a film's rows and reads its staging back from the puppets."""
    from storyforge.backends.toon import measure_staging

    resolved = resolve(board)
    kept = Kept()
    cameras: dict[str, list[list[Any]]] = {}
    for span, latents in rendered(toon, resolved):
        frames = measure_staging.pictures(latents, resolved.size)
        for shot, start, panel in zip(span.shots, span.starts, span.panels, strict=True):
            slots = [e.key for e in panel.prompt.prompt.entities if e.kind == "character"]
            shown = Shown(shot, slots, frames[start : start + shot.frames], panel.moment)
            shown.read(kept)
            if shot.camera.setup and not shot.camera.move and len(shot.pieces) == 1:
                # A close shot goes down with a face that would leave it; a wider one does not.
                low = shot.camera.shot in CLOSE and any(member.does == "sits" for member in shot.cast)
                name = f"{shot.scene.id}/{shot.camera.setup}" + ", sitting" * low
                last = len(shown.pictures) - 1
                cameras.setdefault(name, []).append([shown.pictures[at].camera for at in (0, last // 2, last)])
    for name, found in cameras.items():
        if len(found) > 1:
            apart = [float(np.abs(a - b).max()) for one, other in combinations(found, 2) for a in one for b in other]
            kept.setups[name] = max(apart)
    return kept


def rendered(toon: "Toon", resolved: Resolved) -> Iterator[tuple[Span, Latents]]:
    """The finest rows of each span, made as production makes them."""
    laid_out = spans(resolved, {"toon": toon.capabilities})
    casts = [CastRequest(c.key, c.kind, c.text, c.seed, body=c.body) for c in castings(resolved, Path())]
    sheets = {sheet.key: sheet for sheet in toon.cast(casts)}
    panels: list[Panel] = [panel for span in laid_out for panel in span.panels]
    rows = toon.render([panels_request(panels, sheets, {}, resolved.size)])[0].arrays["x"]
    known = {panel.shot.id: row for panel, row in zip(panels, rows, strict=True)}

    def pins(span: Span, stride: int) -> dict[int, Any]:
        return {row: known[span.shots[number].id] for number, row in span.moments_at(stride).items()}

    keys = toon.render([level_request(one, 16, sheets, pins(one, 16), resolved.size) for one in laid_out])
    fine = []
    for span, coarse in zip(laid_out, keys, strict=True):
        coarser = {16 * i: row for i, row in enumerate(coarse.arrays["x"])}
        fine.append(level_request(span, 1, sheets, pins(span, 1) | coarser, resolved.size))
    yield from zip(laid_out, toon.render(fine), strict=True)


@dataclass(frozen=True)
class Shown:
    """One shot as it is drawn: its frames, who is in which slot, and the frame of its panel."""

    shot: ResolvedShot
    slots: Sequence[str]
    pictures: "Sequence[seen_as.Picture]"
    moment: int

    @property
    def panel(self) -> "seen_as.Picture":
        """The frame that the panel shows."""
        return self.pictures[self.moment]

    def seen(self, member: ResolvedMember, picture: "seen_as.Picture") -> "seen_as.Seen | None":
        """A member in a frame."""
        return picture.cast.get(self.slots.index(member.key)) if member.key in self.slots else None

    def read(self, kept: Kept) -> None:
        """Compares one shot with what it was told."""
        piece = next(piece for piece in reversed(self.shot.pieces) if piece.start <= self.moment)
        size, on = piece.camera.shot, piece.camera.on
        for member in piece.cast:
            told, seen = f"{self.shot.id}: {member.key}", self.seen(member, self.panel)
            kept.note("there", seen is not None, told)
            if seen is None:
                continue
            beside = size in ("medium", *CLOSE) and on is not None and on != member.id
            if member.at is not None and not beside:
                self._placed(kept, member, seen, told, on is not None)
            self._faces(kept, member, seen, told)
            if self.shot.props or any(other.holds for other in piece.cast):  # also of who has empty hands
                kept.note("holds", seen.holds == bool(member.holds), told)
            if member.feels in FEELINGS:
                kept.note("feels", seen.feels == member.feels, told)
            if member.does in ACTIONS:
                kept.note("does", seen.does[ACTIONS[member.does]] > 0.5, f"{told} {member.does}")
            if on == member.id and size in CLOSE:
                x, y, wide, high = seen.head
                kept.note("close", abs(x) + 0.8 * wide < 1 and abs(y) + 0.6 * high < 1, told)

    def _placed(self, kept: Kept, member: ResolvedMember, seen: "seen_as.Seen", told: str, followed: bool) -> None:
        """On its side of the frame, and in it for most of the shot."""
        frames = [self.seen(member, picture) for picture in self.pictures[::4]]
        inside = float(np.mean([one is not None and one.inside for one in frames]))
        kept.note("seen", seen.inside and inside > MOST, f"{told} {inside:.2f}")
        where = SIDES[member.at] if isinstance(member.at, str) else member.at or 0.0
        goal = where * (0.6 if followed else 0.8)
        x = seen.head[0]
        sided = abs(where) < ASIDE or x * np.sign(where) > MIDDLE
        kept.note("at", bool(abs(x - goal) < NEAR and sided), f"{told} at {where:g} is at {x:.2f}")

    def _faces(self, kept: Kept, member: ResolvedMember, seen: "seen_as.Seen", told: str) -> None:
        """To a side, into the camera, to another character of the shot, or to a thing."""
        if member.faces in ("left", "right"):
            kept.note("faces", seen.turn * (-1 if member.faces == "left" else 1) > 0.3, told)
        elif member.faces == "camera":
            kept.note("faces", abs(seen.turn) < 0.3, told)
        others = {other.id: self.seen(other, self.panel) for other in self.shot.cast}
        other = others.get(member.faces or "")
        there = other.world if other else self.panel.prop if member.faces in self.shot.props else None
        if there is not None:
            kept.note("faces", seen.turn * (there - seen.world) > 0, told)


def board() -> Storyboard:
    """A film of told staging: every side, look, size and way, alone and in company, in two scenes with set-ups."""
    shots: list[dict[str, Any]] = []
    sizes = ("wide", "full", "medium", "close")
    for i, (at, size) in enumerate((at, size) for at in (*SIDES, 0.7, -0.25) for size in sizes):
        who = KINDS[(i * 3 + i // 8) % len(KINDS)]
        member = {
            "who": who,
            "at": at,
            "does": ("stands", "sits", "waves", "sleeps")[(i + i // 4) % 4],
            "feels": FEELINGS[i % 5],
        }
        member["faces"] = ("left", "right", "camera")[i % 3] if i % 4 < 3 else "left"
        shots.append({"cast": [member], "camera": {"shot": size} | ({"on": who} if size != "wide" else {})})
    for i, (left, right) in enumerate((("left", "right"), ("right", "left"), ("centre", "far-right"), (-0.8, 0.3))):
        for j, size in enumerate(("wide", "full", "medium")):
            one, other = KINDS[(i + j) % 8], KINDS[(i + j + 3) % 8]
            cast = [
                {"who": one, "at": left, "faces": other, "does": "stands", "holds": "lantern"},
                {"who": other, "at": right, "faces": one, "does": "waves", "feels": "happy"},
            ]
            shots.append({"cast": cast, "camera": {"shot": size}})
    for i, does in enumerate(("walks", "runs", "walks", "runs")):
        for move in ("static", "tracking"):
            one, other = KINDS[i], KINDS[i + 4]
            cast = [
                {"who": one, "at": "left", "faces": "right", "does": does},
                {"who": other, "at": "centre" if i < 2 else "right", "faces": "right", "does": does},
            ]
            camera = {"shot": ("wide", "full")[i % 2], "move": move} | ({"on": other} if move == "tracking" else {})
            shots.append({"cast": cast, "camera": camera})
    for i, (at, faces) in enumerate((("left", "key"), ("right", "key"), ("centre", "key"), ("left", "camera"))):
        cast = [{"who": KINDS[i], "at": at, "faces": faces, "does": "stands"}]
        shots.append({"cast": cast, "props": ["key"], "camera": {"shot": ("wide", "full")[i % 2]}})
    setups = {"hers": {"shot": "close", "on": "girl"}, "his": {"shot": "medium", "on": "man"}, "two": {"shot": "full"}}
    talk = []
    for does in ("stands", "waves", "sits", "talks", "looks around", "sits"):
        talk += [
            {"cast": [{"who": "girl", "at": "right", "faces": "left", "does": does}], "camera": "hers"},
            {"cast": [{"who": "man", "at": "left", "faces": "right", "does": does}], "camera": "his"},
            {"cast": [{"who": "man", "at": "left", "faces": "girl", "does": does},
                      {"who": "girl", "at": "right", "faces": "man", "does": "stands"}], "camera": "two"},
        ]  # fmt: skip
    for n, shot in enumerate([*shots, *talk]):
        shot |= {"id": f"s{n}", "seconds": 3}
    return Storyboard.model_validate({
        "cast": {kind: {"description": f"a {kind}"} for kind in KINDS},
        "props": {"lantern": {"description": "a lantern"}, "key": {"description": "a key"}},
        "places": {"wood": {"description": "a forest"}, "room": {"description": "a kitchen"}},
        "seed": 3,
        "scenes": [
            {"id": "one", "place": "wood", "shots": shots},
            {"id": "two", "place": "room", "setups": setups, "shots": talk},
        ],
    })  # fmt: skip

"""Whether toon stages what a storyboard says: places, looks, hands, feelings, cameras, read back from the drawn rig."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from storyforge.backends import CastRequest, Latents
from storyforge.memory import castings
from storyforge.production import Panel, Span, level_request, panels_request, spans
from storyforge.storyboard import Resolved, ResolvedMember, ResolvedShot, Storyboard, resolve

if TYPE_CHECKING:
    from storyforge.backends.toon import Toon
    from storyforge.backends.toon.state import Puppet, StageState

SIDES = {"far-left": -1.0, "left": -0.5, "centre": 0.0, "right": 0.5, "far-right": 1.0}
NEAR = 0.3  # of half the frame: how far from its place somebody may stand
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
    setups: dict[str, float] = field(default_factory=dict)  # largest difference in widths of the frame, by set-up

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
    resolved = resolve(board)
    kept = Kept()
    cameras: dict[tuple[str, str], list[Any]] = {}
    for span, latents in rendered(toon, resolved):
        from storyforge.backends.toon.drawing import states

        shown = states(latents)
        for shot, start, panel in zip(span.shots, span.starts, span.panels, strict=True):
            slots = [e.key for e in panel.prompt.prompt.entities if e.kind == "character"]
            view = Shown(shot, slots, shown[start : start + shot.frames], panel.moment, resolved.size)
            view.read(kept)
            name = shot.camera.setup
            if name and not shot.camera.move and len(shot.pieces) == 1:
                low = ", sitting" * any(member.does == "sits" for member in shot.cast)
                cameras.setdefault((shot.scene.id, name + low), []).append(view.camera)
    for (scene, name), found in cameras.items():
        apart = [float(np.abs(a - b).max()) for a, b in combinations(found, 2)]
        kept.setups[f"{scene}/{name}"] = max(apart, default=0.0)
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
    """One shot as it is drawn: its states, who is in which slot, and the frame of its panel."""

    shot: ResolvedShot
    slots: Sequence[str]
    states: "Sequence[StageState]"
    moment: int
    size: tuple[int, int]

    @property
    def camera(self) -> NDArray[np.float64]:
        """x, y and size of what the camera sees at the panel, in widths of the frame."""
        from storyforge.backends.toon.art.view import View

        c = self.states[self.moment].camera
        view = View(*self.size, c.x, c.y, c.zoom, c.angle)
        scale = view.scale(1.0) / view.width
        return np.array([c.x * scale, c.y * scale, c.zoom * np.log(2.0)])

    def puppet(self, member: ResolvedMember, frame: int) -> "Puppet | None":
        """A member in a frame."""
        if member.key not in self.slots:
            return None
        slot = self.slots.index(member.key)
        return next((one for one in self.states[frame].puppets if one.slot == slot), None)

    def head(self, member: ResolvedMember, frame: int) -> tuple[float, float, float, float] | None:
        """Centre and radii of a head in half frames: x to the right, y up."""
        from storyforge.backends.toon import anatomy
        from storyforge.backends.toon.art.view import View

        puppet = self.puppet(member, frame)
        if puppet is None:
            return None
        c = self.states[frame].camera
        view = View(*self.size, c.x, c.y, c.zoom, c.angle)
        a, _, _, d, e, f = view.matrix(1.0)
        x, y, _ = puppet.joints[anatomy.HEAD].tolist()
        shape = anatomy.body(puppet.who)
        wide, high = view.width / 2, view.height / 2
        return (
            (a * (puppet.x + x * puppet.size) + e) / wide - 1, 1 - (d * (puppet.y + y * puppet.size) + f) / high,
            a * shape.head_x * puppet.size / wide, -d * shape.head_y * puppet.size / high,
        )  # fmt: skip

    def read(self, kept: Kept) -> None:
        """Compares one shot with what it was told."""
        from storyforge.backends.toon import rig

        last = len(self.shot.pieces) == 1
        piece = next(piece for piece in reversed(self.shot.pieces) if piece.start <= self.moment)
        on = piece.camera.on
        for member in piece.cast:
            told = f"{self.shot.id}: {member.key}"
            head = self.head(member, self.moment)
            kept.note("there", head is not None, told)
            puppet = self.puppet(member, self.moment)
            if head is None or puppet is None:
                continue
            where = SIDES.get(str(member.at), member.at if isinstance(member.at, float) else None)
            beside = piece.camera.shot in ("medium", *CLOSE) and on is not None and on != member.id
            if where is not None and not beside:
                self._placed(kept, member, where, head, told, on)
            if member.faces in ("left", "right"):
                kept.note("faces", puppet.turn * (-1 if member.faces == "left" else 1) > 0.3, told)
            elif member.faces == "camera":
                kept.note("faces", abs(puppet.turn) < 0.3, told)
            elif member.faces:
                self._facing(kept, member, puppet, told)
            if member.holds:
                kept.note("holds", puppet.held is not None, told)
            if member.feels in FEELINGS and last:
                felt = int(np.argmax(puppet.face.feelings))
                kept.note("feels", rig.FEELINGS[felt] == member.feels and max(puppet.face.feelings) > 0.5, told)
            if member.does in ACTIONS and last:
                weight = puppet.actions[rig.ACTIONS.index(ACTIONS[member.does])]
                kept.note("does", weight > 0.5, f"{told} {member.does}")
            if on == member.id and piece.camera.shot in CLOSE:
                kept.note("close", abs(head[0]) + 0.8 * head[2] < 1 and abs(head[1]) + 0.6 * head[3] < 1, told)

    def _placed(
        self, kept: Kept, member: ResolvedMember, where: float, head: tuple[float, ...], told: str, on: str | None
    ) -> None:
        frames = range(0, len(self.states), 4)
        inside = [h is not None and abs(h[0]) < 1 and abs(h[1]) < 1 for h in (self.head(member, f) for f in frames)]
        there = abs(head[0]) < 1 and abs(head[1]) < 1
        kept.note("seen", bool(there and np.mean(inside) > MOST), f"{told} {np.mean(inside):.2f}")
        scale = 0.8 if on is None else 0.6
        kept.note("at", abs(head[0] - scale * where) < NEAR, f"{told} at {where:g} is at {head[0]:.2f}")

    def _facing(self, kept: Kept, member: ResolvedMember, puppet: "Puppet", told: str) -> None:
        """Looks to another character of the shot, or to a thing."""
        state = self.states[self.moment]
        for other in self.shot.cast:
            there = self.puppet(other, self.moment)
            if other.id == member.faces and there is not None:
                kept.note("faces", puppet.turn * (there.x - puppet.x) > 0, told)
        if member.faces in self.shot.props and state.prop is not None:
            kept.note("faces", puppet.turn * (state.prop.x - puppet.x) > 0, told)


def board() -> Storyboard:
    """A film of told staging: every side, look, size and way, alone and in company, in two scenes with set-ups."""
    shots: list[dict[str, Any]] = []
    sizes = ("wide", "full", "medium", "close")
    for i, (at, size) in enumerate((at, size) for at in (*SIDES, 0.7, -0.25) for size in sizes):
        who = KINDS[i % len(KINDS)]
        member = {"who": who, "at": at, "does": ("stands", "sits", "waves", "sleeps")[i % 4], "feels": FEELINGS[i % 5]}
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
    for does in ("stands", "waves", "sits", "talks", "looks around"):
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

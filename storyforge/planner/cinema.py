"""Film grammar: how each shot is framed, how the camera moves, and how it meets the shot before."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from storyforge.planner.bags import bag
from storyforge.planner.drafts import ShotDraft
from storyforge.planner.scenes import SceneDraft
from storyforge.planner.staging import doing
from storyforge.storyboard import Camera, Join, Member, Move, ShotSize

SIZES: tuple[ShotSize, ...] = ("extreme-wide", "wide", "full", "medium", "close", "extreme-close")


LONG_LOOK = 75  # characters of words: a shot that long needs a move, however slow


@dataclass
class Operator:
    """What the camera did before: it never repeats a framing across a cut."""

    size: ShotSize = "wide"
    on: str = ""
    lines: int = 0  # lines of the running exchange
    pans: int = 0
    still: int = 0  # shots since the camera last moved
    views: Counter[str] = field(default_factory=Counter)  # silent views of each kind so far

    def pan(self) -> Move:
        """Pans alternate."""
        self.pans += 1
        return "pan-right" if self.pans % 2 else "pan-left"


def alone(draft: ShotDraft, first: bool, operator: Operator, met: Collection[str]) -> bool:
    """Whether the shot is a close single: a line after the first, or a strong feeling; `met`: who was seen before."""
    if first:
        return False
    if draft.speeches and draft.lead not in met:
        return False
    if draft.speeches and len({s.who for s in draft.speeches}) == 1:
        return operator.lines > 0 and operator.lines % 4 != 3
    return not draft.speeches and any(a.strong for a in draft.acts) and len({k for a in draft.acts for k in a.who}) == 1


def frame(
    draft: ShotDraft,
    cast: tuple[Member, ...],
    first: bool,
    last: bool,
    operator: Operator,
    indoors: bool,
    opening: bool,
) -> Camera:
    """The camera of a shot; `first` and `last` of its scene (last: of the film)."""
    ids = [m.who.partition("@")[0] for m in cast]
    lead = draft.lead if draft.lead in ids else ids[0] if ids else ""
    if draft.speeches:
        camera = _dialogue(draft, ids, lead, first, operator)
        operator.lines += 1
    else:
        operator.lines = 0
        camera = _establish(draft, lead, operator, indoors, opening) if first else _telling(draft, ids, lead, operator)
    if last:
        camera = {"shot": "wide" if not draft.speeches else "full", "move": "pull-out"} | (
            {"on": lead} if lead and draft.speeches else {}
        )
    camera = _vary(camera, operator, first or last)
    if camera.get("move") == "static" and draft.size > LONG_LOOK:
        camera["move"] = "push-in"
    operator.still = 0 if camera.get("move", "static") != "static" else operator.still + 1
    operator.size, operator.on = camera["shot"], camera.get("on", "")  # type: ignore[assignment]
    return Camera.model_validate({k: v for k, v in camera.items() if v})


def whole(camera: Camera, operator: Operator) -> Camera:
    """A camera far enough away to show whom it is on from head to foot."""
    if camera.shot in ("extreme-wide", "wide", "full"):
        return camera
    operator.size = "full"
    return camera.but(shot="full")


def _establish(draft: ShotDraft, lead: str, operator: Operator, indoors: bool, opening: bool) -> dict[str, str]:
    mover = next((a for a in draft.acts if a.moving and a.does), None)
    if opening and not draft.acts and not indoors:
        return {"shot": "extreme-wide", "move": "push-in"}
    if mover is not None and lead and not opening:
        return {"shot": "wide", "move": "tracking", "on": lead}
    return {"shot": "wide", "move": "push-in" if indoors or opening or operator.pans % 2 else operator.pan()}


def _dialogue(draft: ShotDraft, ids: list[str], lead: str, first: bool, operator: Operator) -> dict[str, str]:
    """The first line shows both, then one answers the other over the shoulder, closer as feelings rise."""
    speaker = next((s.who for s in draft.speeches if s.who in ids), lead)
    strong = any(a.strong for a in draft.acts) or any(s.text.endswith("!") for s in draft.speeches)
    if first:
        return {"shot": "full", "move": "push-in", "on": speaker}
    if len({s.who for s in draft.speeches}) > 1:
        return {"shot": "medium", "move": "static"}
    if len(ids) > 1:
        other = next((k for k in ids if k != speaker), "")
        return {
            "shot": "medium",
            "on": speaker,
            "over": other if operator.lines else "",
            "move": "push-in" if operator.lines % 4 == 3 else "static",
        }
    close = strong or operator.lines % 3 == 2
    return {
        "shot": "close" if close else "medium",
        "on": speaker,
        "move": "push-in" if strong or operator.still > 1 else "static",
    }


_UPWARDS = bag("up upwards upstairs climbs rises tower top sky stars moon")


def _telling(draft: ShotDraft, ids: list[str], lead: str, operator: Operator) -> dict[str, str]:
    """Narration: what is done decides the size, a strong feeling brings the camera close."""
    if not ids:
        return {"shot": "wide", "move": operator.pan()}
    act = next(iter(doing(lead, draft)), None)
    kind = act.kind if act is not None else ""
    if any(a.strong for a in draft.acts) and len(ids) == 1:
        return {"shot": "close", "on": lead, "move": "push-in"}
    if act is not None and act.moving:
        up = _UPWARDS & set(act.does.split())
        if kind in ("run", "fly") or not up:
            return {"shot": "full" if len(ids) < 3 else "wide", "on": lead, "move": "tracking"}
        return {"shot": "full", "on": lead, "move": "tilt-up", "angle": "low"}
    table = {
        "sleep": {"shot": "medium", "move": "push-in", "angle": "high"},
        "sit": {"shot": "medium", "move": "push-in"},
        "look": {"shot": "close" if len(ids) == 1 else "medium", "move": "push-in"},
        "hold": {"shot": "medium", "move": "static"},
        "give": {"shot": "medium", "move": "static"},
        "dance": {"shot": "full", "move": "static"},
        "wave": {"shot": "full", "move": "static"},
    }
    chosen = dict(
        table.get(
            kind, {"shot": "medium" if len(ids) < 3 else "full", "move": "push-in" if operator.still else "static"}
        )
    )
    return {**chosen, "on": lead}


def _vary(camera: dict[str, str], operator: Operator, fixed: bool) -> dict[str, str]:
    """Across a cut the same framing of the same subject looks like a mistake: change the size."""
    if fixed or camera["shot"] != operator.size or camera.get("on", "") != operator.on:
        return camera
    other = {
        "wide": "full",
        "full": "medium",
        "medium": "full",
        "close": "medium",
        "extreme-wide": "wide",
        "extreme-close": "close",
    }
    return {**camera, "shot": other[camera["shot"]]}


# --- joins ------------------------------------------------------------------------------------------------------------


def scene_join(before: SceneDraft, scene: SceneDraft) -> Join:
    """A dissolve where place or time changes, a fade to black where much time passes."""
    if scene.jump == "big" or scene.heading:
        return Join(kind="fade", seconds=1.0)
    return Join(kind="dissolve", seconds=0.8)


def flows(before: ShotDraft, draft: ShotDraft, cast_before: tuple[Member, ...], cast: tuple[Member, ...]) -> bool:
    """Whether two shots of a scene are one continuous motion of the same character in the same look."""
    if before.speeches or draft.speeches or not draft.lead or draft.lead != before.lead:
        return False
    if {m.who for m in cast_before} != {m.who for m in cast} or len(cast) > 2:
        return False
    ending = doing(draft.lead, before)
    starting = doing(draft.lead, draft)
    if not ending or not starting or not ending[-1].moving:
        return False
    return starting[0].moving or draft.pieces[0].continued


def flowing(camera: Camera, before: Camera) -> Camera:
    """A camera that goes on from the one before: the same subject, at most one size away."""
    was, now = SIZES.index(before.shot or "full"), SIZES.index(camera.shot or "full")
    size = SIZES[max(1, min(was + 1, max(was - 1, now)))]
    return (
        Camera(shot=size, on=camera.on or before.on, move="tracking")
        if camera.on or before.on
        else Camera(shot=size, move=camera.move)
    )

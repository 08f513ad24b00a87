"""Coverage: the further views of what one shot tells, where a film has more time than words.

A sentence that lasts 40 seconds is not one shot of 40 seconds: one sees where it happens, then what happens (this shot
holds the words), then who does it from near, who watches, what is held, and all of them from afar.
"""

from collections.abc import Sequence

from storyforge.planner.cinema import Operator
from storyforge.planner.drafts import ShotDraft
from storyforge.planner.staging import doing
from storyforge.storyboard import Beat, Camera, Join, Member, Shot

WHOLE = "whole"  # the shot with the words; every other kind is silent
ORDER = ("place", "far", WHOLE, "travel", "two", "reaction", "near", "held", "face", "leave", "end")  # as they are seen

# Cameras of each kind, used in turn over the film: size, move, angle.
_CAMERAS = {
    "place": ("extreme-wide pan-right", "extreme-wide tilt-up", "wide pan-left", "extreme-wide push-in"),
    "far": ("extreme-wide static", "wide push-in", "extreme-wide push-in high", "wide static low"),
    "travel": ("medium tracking", "wide tracking", "full tracking low"),
    "two": ("wide push-in", "wide static low", "wide push-in high"),
    "reaction": ("close static", "medium push-in", "close push-in"),
    "near": ("medium push-in", "full push-in low", "medium static high"),
    "held": ("medium push-in high", "medium static", "full push-in high"),
    "face": ("close push-in", "extreme-close static", "close static low"),
    "leave": ("wide pull-out", "extreme-wide pull-out", "wide static high", "full pull-out"),
    "end": ("wide pull-out", "extreme-wide pull-out"),
}
SECONDS = {
    "place": 7.5, "far": 9.5, "travel": 10.0, "two": 8.0, "reaction": 5.5, "near": 7.5, "held": 5.0, "face": 5.5,
    "leave": 9.0, "end": 9.0, WHOLE: 6.0,
}  # fmt: skip
LONG_TAKE = 9.0  # seconds from which something new happens within a view
_ON = ("travel", "near", "held", "face")  # the camera is on the lead
_ALONE = ("reaction", "near", "held", "face")  # and nobody else is in the frame
_STAYS = {"sit": "sits", "sleep": "sleeps", "fly": "hovers", "dance": "dances"}  # what goes on from view to view
_AFTER = {"happy": "smiles", "sad": "looks down", "angry": "stands", "afraid": "looks around", "surprised": "stares"}
_IDLE = ("looks around", "waits", "listens")
_OPPOSITE = {"left": "right", "far-left": "right", "right": "left", "far-right": "left"}


def weight(draft: ShotDraft, first: bool) -> float:
    """How many views a shot deserves beside others; `first`: of its scene."""
    seen = len({key for piece in draft.pieces for key in piece.present})
    held = any(moment.held or moment.props for moment in draft.moments)
    out = 1.0 + 0.6 * first + 0.5 * _moves(draft) + 0.35 * min(2, max(0, seen - 1)) + 0.3 * held
    return out * (0.6 if draft.speeches or not seen else 1.0)


def kinds(draft: ShotDraft, cast: Sequence[Member], first: bool, ends: bool) -> list[str]:
    """The views of a shot in order, as many as it was given; `first` of its scene, `ends`: of the film."""
    held, several = any(m.holds for m in cast), len(cast) > 1
    wanted = ["place"] * first + ["end"] * ends + ["travel"] * bool(_movers(draft, cast))
    wanted += ["reaction"] * several + ["face", "far"] * bool(cast) + ["two"] * several + ["held"] * held
    wanted += [*(["near", "leave"] if several else ["leave", "near"])] * bool(cast) + ["leave", "place"]
    every = list(dict.fromkeys(wanted))
    out: list[str] = []
    left, words = draft.views - 1, [WHOLE]
    while left > 0 or words:
        chosen = [*words, *every[: max(0, left)]]
        left, words = left - len(chosen) + len(words), []
        out += sorted(chosen, key=ORDER.index)
        every = [kind for kind in every if kind != "end"]
    return sorted(out, key="end".__eq__)  # the film's last picture is the widest


def view(kind: str, draft: ShotDraft, cast: Sequence[Member], operator: Operator, name: str) -> Shot:
    """One silent view; the operator's last framing is not repeated."""
    turn = operator.views[kind]
    operator.views[kind] += 1
    lead = next((m for m in cast if m.who.partition("@")[0] == draft.lead), cast[0] if cast else None)
    movers = _movers(draft, cast)
    if kind == "held":
        lead = next((m for m in cast if m.holds), lead)
    if kind == "travel":
        lead = lead if lead in movers else movers[0]
    if kind == "reaction" and lead is not None:
        others = [m for m in cast if m is not lead]
        lead = others[turn % len(others)]
    alone = [lead] if kind in _ALONE and lead else list(cast)
    who = [] if kind == "place" else movers if kind == "travel" else alone
    on = lead.who.partition("@")[0] if lead is not None and kind in (*_ON, "reaction") else None
    members = tuple(_member(m, kind, draft, alone=len(who) == 1, turn=turn) for m in who)
    camera = _camera(_CAMERAS[kind], turn, on, operator)
    operator.size, operator.on = camera.shot or "wide", on or ""
    seconds = SECONDS[kind]
    values = {"seconds": seconds, "cast": members, "camera": camera, "beats": _beats(kind, members, seconds)}
    return Shot.model_validate({"id": name} | {key: value for key, value in values.items() if value})


def flows(kind: str, before: Shot, shot: Shot) -> Join | None:
    """A travel goes on from the shot with the words without a cut, where the same people are in both."""
    same = [m.who for m in before.cast] == [m.who for m in shot.cast] and len(shot.cast) < 3
    return Join(kind="flow", seconds=1.0) if kind == "travel" and same and not before.dialogue else None


def _camera(turns: Sequence[str], turn: int, on: str | None, operator: Operator) -> Camera:
    """The next camera of a kind that does not repeat the framing before it."""
    cameras = [turns[(turn + n) % len(turns)].split() for n in range(len(turns))]
    same = not on or operator.on in ("", on)  # another size, unless the camera turns from one face to another
    unlike = [c for c in cameras if c[0] != operator.size or not same]
    size, move, *angle = (unlike or cameras)[0]
    if not unlike:
        size = "full" if size in ("wide", "medium") else "wide" if "wide" in size else "medium"
    values = {"shot": size, "on": on, "move": move, "angle": angle[0] if angle else None}
    return Camera.model_validate({key: value for key, value in values.items() if value})


def _member(member: Member, kind: str, draft: ShotDraft, alone: bool, turn: int) -> Member:
    """A member as this view shows it: on its side of the frame, and what it did goes on or is over."""
    changes: dict[str, str | None] = {}
    acts = doing(member.who.partition("@")[0], draft)
    act = next((a for a in acts if a.moving and kind in ("far", "travel", "leave")), acts[0] if acts else None)
    if act is not None and act.moving and kind in ("far", "travel", "leave"):
        changes["does"] = act.does
    elif kind == "travel":
        changes["does"] = "walks along"
    elif act is not None:
        changes["does"] = _STAYS.get(act.kind) or _after(member, turn)
    elif draft.speeches and not member.does:
        changes["does"] = _after(member, turn)
    if alone and (side := _OPPOSITE.get(str(member.at))):
        changes["faces"] = side
    return member.but(**changes) if changes else member


def _after(member: Member, turn: int) -> str:
    """What somebody does who has done what there was to do."""
    return _AFTER.get(member.feels or "", _IDLE[turn % len(_IDLE)])


def witness(shots: Sequence[Shot], company: Sequence[str]) -> tuple[Member, ...]:
    """Who sees what happens when nobody does anything: the last of the scene's company, as last seen."""
    for shot in reversed(shots):
        for member in shot.cast:
            if company and member.who.partition("@")[0] == company[-1]:
                return (member.but(does="looks around", faces=None),)
    return ()


def _beats(kind: str, cast: tuple[Member, ...], seconds: float) -> tuple[Beat, ...]:
    """A long take changes once: whoever went on stops and looks, and the camera comes nearer."""
    if seconds < LONG_TAKE or not cast or kind not in ("far", "travel"):
        return ()
    camera = Camera(move="push-in") if kind == "far" else None
    able = [member for member in cast if member.does not in _STAYS.values()]  # nobody gets up just to look around
    looks = (Member(who=able[0].who, does="looks around"),) if able else ()
    return (Beat(at=round(0.6 * seconds, 1), cast=looks, camera=camera),) if looks or camera else ()


def _moves(draft: ShotDraft) -> bool:
    return any(act.moving and act.does for act in draft.acts)


def _movers(draft: ShotDraft, cast: Sequence[Member]) -> list[Member]:
    """Who goes somewhere, and with whom."""
    acts = [act for act in draft.acts if act.moving and act.does]
    going = {key for act in acts for key in (*act.who, act.target if " with " in act.does else "")}
    return [member for member in cast if member.who.partition("@")[0] in going]

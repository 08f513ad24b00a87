"""Who stands where in a shot, faces whom, feels what, holds what and does what."""

from dataclasses import dataclass, field

from storyforge.planner import lexicon
from storyforge.planner.actions import Act
from storyforge.planner.drafts import ShotDraft
from storyforge.planner.moments import Reading, short_name
from storyforge.storyboard import Member

MOST = 3  # characters in one shot
LINGER = 5  # shots after which somebody unseen no longer listens
_POSTURES = {"sit": "sits", "sleep": "sleeps", "fly": "hovers"}


@dataclass
class Stage:
    """What a scene remembers from shot to shot: sides, postures and feelings."""

    sides: dict[str, str] = field(default_factory=dict)
    postures: dict[str, str] = field(default_factory=dict)
    feels: dict[str, tuple[str, int]] = field(default_factory=dict)  # feeling, shots it lasts
    company: dict[str, int] = field(default_factory=dict)  # who is in the scene, latest last, and in which shot last
    shots: int = 0


def people(draft: ShotDraft, stage: Stage, alone: bool) -> list[str]:
    """Who is in the shot, who matters most first; `alone`: only the one in focus is seen."""
    lead = draft.lead
    found = [lead] if lead else []
    speakers = [s.who for s in draft.speeches if s.who and not s.off]
    if not alone:
        acting = [key for act in draft.acts for key in (*act.who, act.target)]
        seen = [key for p in draft.pieces for key in p.present]
        found += speakers + [k for k in acting if k in seen] + (seen if not draft.speeches or draft.narration else [])
        if speakers:
            found += [k for k, n in reversed(stage.company.items()) if k not in found and stage.shots - n < LINGER][:1]
    out = list(dict.fromkeys(k for k in found if k))[:MOST]
    stage.shots += 1
    for key in reversed(out):
        stage.company = {k: n for k, n in stage.company.items() if k != key} | {key: stage.shots}
    return out


def place_sides(keys: list[str], stage: Stage) -> None:
    """Give sides: the first left, the second right; whoever has one keeps it while the scene lasts."""
    if len(keys) < 2 and not stage.sides:
        return
    for key in keys:
        if key not in stage.sides:
            taken = {stage.sides[k] for k in keys if k in stage.sides}
            stage.sides[key] = next((s for s in ("left", "right", "centre") if s not in taken), "centre")
    held: set[str] = set()
    for key in keys:  # two who never met before may claim one side: the later moves over
        if stage.sides[key] in held:
            stage.sides[key] = next((s for s in ("left", "right", "centre") if s not in held), "far-right")
        held.add(stage.sides[key])


def members(draft: ShotDraft, keys: list[str], stage: Stage, reading: Reading) -> tuple[Member, ...]:
    """The cast of a shot."""
    place_sides(keys, stage)
    for moment in draft.moments:
        for key, (feeling, strong) in moment.feels.items():
            stage.feels[key] = (feeling, 3 if strong else 2)
    last = draft.moments[-1]
    speakers = [s.who for s in draft.speeches]
    out = []
    for key in keys:
        does = _does(key, draft, stage, speakers, keys, reading)
        look = last.looks.get(key, "")
        holds = _holds(key, draft)
        values = {
            "who": f"{key}@{look}" if look else key,
            "at": stage.sides.get(key) if len(keys) > 1 or draft.speeches else None,
            "faces": _faces(key, draft, keys, stage),
            "feels": stage.feels[key][0] if stage.feels.get(key, ("", 0))[1] > 0 else None,
            "does": does or None,
            "holds": holds if holds else None,
        }
        out.append(Member.model_validate({k: v for k, v in values.items() if v is not None}))
    stage.feels = {k: (f, n - 1) for k, (f, n) in stage.feels.items() if n > 1}
    return tuple(out)


def _holds(key: str, draft: ShotDraft) -> str | None:
    """What is in somebody's hand: in a shot of giving, the giver still has it."""
    given = next((a for a in draft.acts if a.kind == "give" and a.thing), None)
    if given is not None and key in given.who:
        return given.thing
    holds = draft.moments[-1].held.get(key)
    return None if given is not None and holds == given.thing else holds


def doing(key: str, draft: ShotDraft) -> list[Act]:
    """What somebody is seen to do in a shot, the telling things first come."""
    mine = [a for a in draft.acts if key in a.who and a.does]
    main = [a for a in mine if a.clause in ("main", "and")] or mine
    return sorted(main, key=lambda a: (a.kind == "", 0)) if main and not main[0].kind else main


def _does(key: str, draft: ShotDraft, stage: Stage, speakers: list[str], keys: list[str], reading: Reading) -> str:
    acts = doing(key, draft)
    if acts:
        posture = _POSTURES.get(acts[-1].kind)
        if posture:
            stage.postures[key] = posture
        elif acts[-1].moving or acts[-1].kind == "dance" or {"up", "stand"} & set(acts[-1].does.split()):
            stage.postures.pop(key, None)
        return acts[0].does
    if stage.postures.get(key):
        return stage.postures[key]
    others = [k for k in speakers if k != key]
    if key not in speakers and others:
        return f"listens to {short_name(reading.cast.get(others[0]))}"
    busy = next((k for k in keys if k != key and doing(k, draft)), "")
    return f"stands and watches {short_name(reading.cast.get(busy))}" if busy and key not in speakers else ""


def _faces(key: str, draft: ShotDraft, keys: list[str], stage: Stage) -> str | None:
    """Speakers face who they talk to, listeners the speaker, others what they act on or where they go."""
    others = [k for k in keys if k != key]
    speakers = [s.who for s in draft.speeches if s.who in keys]
    if speakers:
        if others:
            return next((k for k in speakers if k != key), others[0])
        side = stage.sides.get(key)
        return {"left": "right", "right": "left"}.get(side or "")
    target = next((a.target for a in draft.acts if key in a.who and a.target), "")
    if target in others:
        return target
    mover = next((a for a in draft.acts if key in a.who and a.moving), None)
    if mover is not None:
        return "left" if {"back", "home", "away", "returns", "return"} & set(mover.does.split()) else "right"
    actor = next((k for k in others if any(k in a.who for a in draft.acts)), "")
    return actor or (others[0] if len(keys) == 2 else None)


def action(draft: ShotDraft, reading: Reading) -> str:
    """One line of what happens: "Ember climbs the stairs; the moth follows"."""
    told: list[str] = []
    for act in draft.acts:
        if not act.does or act.clause not in ("main", "and") or not act.who:
            continue
        names = [short_name(reading.cast.get(k)) for k in act.who]
        plural = len(names) > 1 or reading.cast.get(act.who[0]).plural
        subject = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
        does = plural_form(act) if plural else act.does
        if told and told[-1].startswith(names[0] + " ") and len(names) == 1 and " and " not in told[-1]:
            told[-1] += f" and {does}"
        else:
            told.append(f"{subject} {does}")
    text = "; ".join(told)
    return text[:1].upper() + text[1:]


def plural_form(act: Act) -> str:
    """ "walks home" of several: "walk home"."""
    first, _, rest = act.does.partition(" ")
    base = "are" if first == "is" else "have" if first == "has" else act.lemma
    return f"{base} {rest}".strip()


def things(draft: ShotDraft, cast: tuple[Member, ...], known: set[str]) -> tuple[str, ...]:
    """Props that are seen but that nobody in the shot holds."""
    held = {m.holds for m in cast}
    seen = [p for m in draft.moments for p in m.props]
    return tuple(p for p in dict.fromkeys(seen) if p not in held and p in known)


def is_thing(noun: str) -> bool:
    """Whether a noun is something a hand can hold."""
    return noun in lexicon.PROPS

"""Which changes of a storyboard reach the picture of one shot: its own, and those of what it inherits and shows."""

from collections.abc import Sequence

from storyforge.storyboard.changes import Change, changes
from storyforge.storyboard.model import Inherited, Scene, Shot, Storyboard

UNSEEN = frozenset({"narration", "titles", "sounds", "music", "note", "lock", "pick", "title", "language", "end"})
SHAPE = frozenset({"size", "fps", "rate"})  # of the film, and of every shot


def reaching(old: Storyboard, new: Storyboard, shot: str, among: Sequence[Change] | None = None) -> list[Change]:
    """Changes that reach what is seen in a shot, by its id; none for one that only one of the two storyboards has.

    Joins are left out but for flow, the one join that is more than how two finished shots meet. among: all changes
    between the two, for those who ask for many shots.
    """
    found = [(scene, one) for scene in new.scenes for one in scene.shots if one.id == shot]
    if not found:
        return []
    scene, mine = found[0]
    return [change for change in (changes(old, new) if among is None else among) if _reaches(change, new, scene, mine)]


def _reaches(change: Change, film: Storyboard, scene: Scene, shot: Shot) -> bool:
    if change.kind != "changed" or change.field in UNSEEN - _heard(shot):
        return False
    if change.field == "join" and "flow" not in (change.old.split(" ")[0], change.new.split(" ")[0]):
        return False
    what, _, name = change.what.partition(" ")
    if what == "shot":
        return name == shot.id
    if what == "scene":
        return name == scene.id and not _own(shot, change.field)
    if what == "film":
        return change.field in SHAPE or (
            change.field in Inherited.model_fields and not _own(shot, change.field) and not _own(scene, change.field)
        )
    return name in _shown(film, scene, shot)


def _heard(shot: Shot) -> set[str]:
    """Of what is only heard, what reaches the picture: lines follow the narration, and mouths follow the lines."""
    return {"narration"} if shot.dialogue else set()


def _own(layer: Shot | Scene, field: str) -> bool:
    """Whether a layer says a field itself; options merge, so that they always reach further."""
    return field != "options" and getattr(layer, field, None) is not None


def _shown(film: Storyboard, scene: Scene, shot: Shot) -> set[str]:
    """Ids of characters, props and places in a shot."""
    members = [*shot.cast, *(member for beat in shot.beats for member in beat.cast)]
    names = {member.who.partition("@")[0] for member in members} | {member.holds for member in members if member.holds}
    setup = scene.setups.get(shot.camera.setup or "") if shot.camera else None
    over = [camera.over for camera in (shot.camera, setup) if camera and camera.over]
    return names | {*shot.props, *over, *(place for place in (shot.place or scene.place or film.place,) if place)}

"""What must hold between the parts of a storyboard: names that exist, moments within shots, joins that can be made."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path as File

from storyforge.storyboard import renderers
from storyforge.storyboard.inheritance import inherited
from storyforge.storyboard.model import SLOTS, Beat, Camera, Entity, Member, Scene, Shot, Storyboard
from storyforge.storyboard.resolve import RENDERER, join_of, length
from storyforge.storyboard.sentences import nearest
from storyforge.storyboard.sources import colour, mistaken, shown

Path = tuple[str | int, ...]
Found = Iterator[tuple[Path, str]]

FACES = ("left", "right", "camera", "away")
RECORDINGS = (".mp3", ".wav", ".flac", ".ogg", ".opus", ".m4a", ".aac", ".aif", ".aiff")


def broken(board: Storyboard, folder: File | None = None) -> list[tuple[Path, str]]:
    """Every broken rule as (path, sentence); `folder` is where files are looked for (None: they are not)."""
    return [*_names(board), *_shots(board, folder), *_renderers(board, folder), *_files(board, folder)]


def unknown(kind: str, name: str, valid: Iterable[str], section: str) -> str:
    """`there is no cast member X; did you mean Y?`"""
    listed = list(valid)
    near = nearest(name, listed)
    if near:
        return f"there is no {kind} {name!r}; did you mean {near}?"
    have = f" ({section} has {', '.join(listed)})" if 0 < len(listed) <= 12 else ""
    return f"there is no {kind} {name!r}: describe it under {section}{have}"


def _names(board: Storyboard) -> Found:
    """Ids are unique in the film, whatever their case: they name files."""
    seen: dict[str, str] = {}
    for s, scene in enumerate(board.scenes):
        ids: list[tuple[Path, str, str]] = [(("scenes", s, "id"), scene.id, "scene")]
        ids += [(("scenes", s, "shots", i, "id"), shot.id, "shot") for i, shot in enumerate(scene.shots)]
        for path, name, kind in ids:
            key = f"{kind} {name.casefold()}"
            if key in seen:
                other = f" (as {seen[key]})" if seen[key] != name else ""
                yield path, f"the {kind} id {name!r} is used twice{other}: ids are unique in a film"
            seen.setdefault(key, name)
    kinds: dict[str, str] = {}
    for section in ("cast", "props", "places"):
        for name in getattr(board, section):
            if name in kinds:
                yield (section, name), f"{name!r} is also in {kinds[name]}: names are unique in a film"
            kinds.setdefault(name, section)


def _who(board: Storyboard, who: str, path: Path) -> Found:
    name, _, look = who.partition("@")
    if name not in board.cast:
        yield path, unknown("cast member", name, board.cast, "cast")
    elif look and look not in board.cast[name].looks:
        looks = board.cast[name].looks
        near = nearest(look, looks)
        have = f"; did you mean {name}@{near}?" if near else f": describe it under cast: {name}: looks"
        yield path, f"{name} has no look {look!r}{have}"


def _member(board: Storyboard, member: Member, path: Path) -> Found:
    yield from _who(board, member.who, (*path, "who"))
    if member.holds is not None and member.holds not in board.props:
        yield (*path, "holds"), unknown("prop", member.holds, board.props, "props")
    entities = [*board.cast, *board.props, *board.places]
    if member.faces is not None and member.faces.partition("@")[0] not in {*FACES, *SLOTS, *entities}:
        near = nearest(member.faces, [*FACES, *entities])
        have = (
            f"; did you mean {near}?" if near else f": write {', '.join(FACES)}, or a name of the cast, props or places"
        )
        yield (*path, "faces"), f"faces cannot be {member.faces!r}{have}"


def _camera(board: Storyboard, scene: Scene, camera: Camera | None, path: Path) -> Found:
    if camera is None:
        return
    if camera.setup is not None and camera.setup not in scene.setups:
        near = nearest(camera.setup, scene.setups)
        have = f"; did you mean {near}?" if near else ": name it under the scene's setups, or write {shot: wide}"
        yield (*path, "setup"), f"the scene {scene.id} has no setup {camera.setup!r}{have}"
    for key in ("on", "over"):
        name = getattr(camera, key)
        if name is not None and name not in board.cast and not (key == "on" and name in board.props):
            yield (*path, key), unknown("cast member or prop", name, [*board.cast, *board.props], "cast")


def _cast(board: Storyboard, cast: Iterable[Member], path: Path) -> Found:
    seen: set[str] = set()
    for index, member in enumerate(cast):
        yield from _member(board, member, (*path, index))
        name = member.who.partition("@")[0]
        if name in seen:
            yield (*path, index, "who"), f"{name} is in this cast twice"
        seen.add(name)


def _shots(board: Storyboard, folder: File | None) -> Found:
    before: tuple[Scene, Shot] | None = None
    for s, scene in enumerate(board.scenes):
        path: Path = ("scenes", s)
        yield from _place(board, scene.place, (*path, "place"))
        for name, camera in scene.setups.items():
            yield from _camera(board, scene, camera, (*path, "setups", name))
        for i, shot in enumerate(scene.shots):
            here = (*path, "shots", i)
            yield from _shot(board, scene, shot, here)
            yield from _join(board, before, (scene, shot), here, folder)
            before = (scene, shot)
    yield from _place(board, board.place, ("place",))


def _renderers(board: Storyboard, folder: File | None) -> Found:
    """Renderers are profiles at hand, or profile files within the storyboard's folder."""
    places: list[tuple[Path, str | None]] = [(("renderer",), board.renderer)]
    for s, scene in enumerate(board.scenes):
        places.append((("scenes", s, "renderer"), scene.renderer))
        places += [(("scenes", s, "shots", i, "renderer"), shot.renderer) for i, shot in enumerate(scene.shots)]
    named = [(path, name) for path, name in places if name is not None]
    known = renderers.names(folder) if named else ()
    for path, name in named:
        if name in known:
            continue
        if name.endswith((".yaml", ".yml")):
            yield from _file(path, name, folder.resolve()) if folder is not None else ()
            continue
        near = nearest(name, known)
        fix = (
            f"; did you mean {near}?" if near else f": it can be {', '.join(known)} (`storyforge renderers` tells more)"
        )
        yield path, f"there is no renderer {name!r}{fix}"


def _place(board: Storyboard, place: str | None, path: Path) -> Found:
    if place is not None and place not in board.places:
        yield path, unknown("place", place, board.places, "places")


def _shot(board: Storyboard, scene: Scene, shot: Shot, path: Path) -> Found:
    yield from _place(board, shot.place, (*path, "place"))
    yield from _cast(board, shot.cast, (*path, "cast"))
    for index, prop in enumerate(shot.props):
        if prop not in board.props:
            yield (*path, "props", index), unknown("prop", prop, board.props, "props")
    yield from _camera(board, scene, shot.camera, (*path, "camera"))
    for index, line in enumerate(shot.dialogue):
        yield from _who(board, line.who, (*path, "dialogue", index, "who"))
    for index, beat in enumerate(shot.beats):
        yield from _beat(board, scene, beat, (*path, "beats", index))
    yield from _moments(board, scene, shot, path)
    if shot.strength is not None and shot.source is None:
        yield (*path, "strength"), "strength restyles a source, and this shot has none: add source, or remove strength"


def _beat(board: Storyboard, scene: Scene, beat: Beat, path: Path) -> Found:
    yield from _cast(board, beat.cast, (*path, "cast"))
    yield from _camera(board, scene, beat.camera, (*path, "camera"))
    if beat.action is None and beat.camera is None and not beat.cast:
        yield path, "this beat changes nothing: give it an action, a camera or a cast"


def _moments(board: Storyboard, scene: Scene, shot: Shot, path: Path) -> Found:
    """Beats, lines, titles, sounds and keyframes lie within the shot; beats are in order."""
    last = length(board, scene, shot)
    lasts = f"the shot {shot.id} ends at {float(last):g}"
    previous = Fraction(-1)
    for index, beat in enumerate(shot.beats):
        at = Fraction(str(beat.at))
        if at >= last:
            yield (*path, "beats", index, "at"), f"this beat starts at {beat.at:g} s, and {lasts} s"
        elif at <= previous:
            yield (*path, "beats", index, "at"), f"this beat starts at {beat.at:g} s, not after the one before it"
        previous = max(previous, at)
    for index, line in enumerate(shot.dialogue):
        if line.at is not None and not -last <= Fraction(str(line.at)) < last:
            yield (*path, "dialogue", index, "at"), f"this line starts at {line.at:g} s, outside the shot: {lasts} s"
    for index, title in enumerate(shot.titles):
        if Fraction(str(title.at)) >= last:
            yield (*path, "titles", index, "at"), f"this title starts at {title.at:g} s, and {lasts} s"
    for index, sound in enumerate(shot.sounds):
        if Fraction(str(sound.at)) >= last:
            yield (*path, "sounds", index, "at"), f"this sound starts at {sound.at:g} s, and {lasts} s"
    for index, key in enumerate(shot.keyframes):
        if isinstance(key.at, float) and Fraction(str(key.at)) > last:
            yield (*path, "keyframes", index, "at"), f"this keyframe is at {key.at:g} s, and {lasts} s"


def _join(
    board: Storyboard, before: tuple[Scene, Shot] | None, now: tuple[Scene, Shot], path: Path, folder: File | None
) -> Found:
    scene, shot = now
    if before is None:
        if shot.join is not None and shot.join.kind in ("flow", "dissolve"):
            yield (*path, "join"), f"the film's first shot cannot {shot.join.kind} from anything: use cut or fade"
        return
    join = join_of(shot, scene, board, first=False)
    where = (*path, "join") if shot.join is not None else (*path, "id")
    if join.kind == "dissolve" and join.seconds is not None:
        shortest = min(length(board, *before), length(board, *now))
        if Fraction(str(join.seconds)) > shortest:
            yield where, f"a dissolve of {join.seconds:g} s does not fit into a shot of {float(shortest):g} s"
    if join.kind != "flow":
        return
    drawn = [inherited("renderer", (one[1], one[0], board)) or RENDERER for one in (before, now)]
    if drawn[0] != drawn[1]:
        yield where, f"a flow cannot go from {drawn[0]} to {drawn[1]}: use cut or dissolve, or one renderer"
    for (_, one), name in zip((before, now), drawn, strict=True):
        if shown(one, name, lambda known: renderers.renderer(known, folder, {}).restyles):
            yield where, f"a flow needs two rendered shots, and {one.id} shows its source as it is: use cut or dissolve"
            return


def files(board: Storyboard) -> Iterator[tuple[Path, str]]:
    """Every file that the storyboard refers to, with its path in the board."""
    if recording(board.music):
        yield ("music",), board.music or ""
    for section in ("cast", "props", "places"):
        entities: Mapping[str, Entity] = getattr(board, section)
        for name, entity in entities.items():
            for index, picture in enumerate(entity.references):
                yield (section, name, "references", index), picture
            for key, look in entity.looks.items():
                for index, picture in enumerate(look.references):
                    yield (section, name, "looks", key, "references", index), picture
    for s, scene in enumerate(board.scenes):
        if recording(scene.music):
            yield ("scenes", s, "music"), scene.music or ""
        for i, shot in enumerate(scene.shots):
            here: Path = ("scenes", s, "shots", i)
            if recording(shot.music):
                yield (*here, "music"), shot.music or ""
            for index, sound in enumerate(shot.sounds):
                yield (*here, "sounds", index, "file"), sound.file
            for index, keyframe in enumerate(shot.keyframes):
                yield (*here, "keyframes", index, "picture"), keyframe.picture
            if shot.source is not None and colour(shot.source) is None:
                yield (*here, "source"), shot.source
            if shot.control is not None:
                yield (*here, "control", "video"), shot.control.video


def recording(music: str | None) -> bool:
    """Whether `music` names an audio file, by its ending, and does not tell in words what is played."""
    return music is not None and music.strip().lower().endswith(RECORDINGS)


def _files(board: Storyboard, folder: File | None) -> Found:
    """Files exist, and none lies outside the storyboard's folder."""
    for path, name in files(board):
        kind, like = ("sound", "name.mp3") if {"music", "sounds"} & {*path} else ("picture", "name.png")
        kind, like = ("film", "name.mp4") if path[-1] == "video" else (kind, like)
        if not name.strip() or "\0" in name:
            yield path, f"a {kind}'s file name is missing"
        elif "://" in name:
            yield path, f"{name} is on the web: save it beside the storyboard and name the file"
        elif File(name).is_absolute() or name[1:2] == ":" or "\\" in name:
            yield path, f"{name} is not a path within the storyboard's folder: write it as folder/{like}"
        elif path[-1] == "source" and not (folder and (folder / name).is_file()) and (said := mistaken(name)):
            yield path, said
        elif folder is not None:
            yield from _file(path, name, folder.resolve())


def _file(path: Path, name: str, folder: File) -> Found:
    file = (folder / name).resolve()
    if not file.is_relative_to(folder):
        yield path, f"{name} leads out of the storyboard's folder: copy the file into it"
    elif not file.is_file():
        near = nearest(file.name, [one.name for one in file.parent.iterdir()]) if file.parent.is_dir() else None
        fix = f"; did you mean {(File(name).parent / near).as_posix()}?" if near else " in the storyboard's folder"
        yield path, f"there is no file {name}{fix}"

"""Which scenes and shots of a new plan were in the one before: they keep their ids, and with them their pictures.

A planner numbers its shots, so that a sentence put into a story moves the numbers of all shots after it. By their
words and their order they are found again.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from storyforge.storyboard.changes import said, shots_of
from storyforge.storyboard.model import Scene, Shot, Storyboard

LIKE = 0.4  # shots that share fewer of their words are not the same one
LETTERS = "bcdefghijklmnopqrstuvwxyz"
MOST = 60  # letters of a name that is given another ending


def adopted(plan: Storyboard, known: Storyboard, *others: Storyboard) -> Storyboard:
    """The plan with the ids that `known` has for its scenes and shots; what is new in it gets ids that nobody has.

    others: more boards whose ids are not free, unless a shot there says just what a new one says.
    """
    pairs = paired(shots_of(known), shots_of(plan))
    scenes = _scenes(known, plan, pairs)
    old_homes, new_homes = _homes(known), _homes(plan)
    for old, new in list(_alone(len(old_homes), len(new_homes), pairs)):
        home, before = new_homes[new], old_homes[old]
        if scenes[home] == before if home in scenes else before not in scenes.values():
            pairs[new] = old
    shots, there = shots_of(plan), shots_of(known)
    names = {new: there[old].id for new, old in pairs.items()}
    ids = {shot.id for shot in there}
    more = [shot for board in others for shot in shots_of(board) if shot.id not in ids]
    left = [number for number in range(len(shots)) if number not in names]
    same = _elsewhere([said(shot) for shot in more], [said(shots[number]) for number in left], {})
    names |= {left[new]: more[old].id for new, old in same.items()}
    return _named(plan, known, names, _scenes(known, plan, pairs), others)


def paired(old: Sequence[Shot], new: Sequence[Shot]) -> dict[int, int]:
    """Numbers of the new shots that are old ones -> the old ones' numbers.

    Those that say the same in the same order, then between them those that share most words, then those that went
    elsewhere word for word.
    """
    before, after = ([_key(shot) for shot in shots] for shots in (old, new))
    pairs: dict[int, int] = {}
    i = j = 0
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        likely = aligned([_Known(shot) for shot in old[i : block.a]], [_Known(shot) for shot in new[j : block.b]])
        pairs |= {j + n: i + o for o, n in likely}
        pairs |= {block.b + k: block.a + k for k in range(block.size)}
        i, j = block.a + block.size, block.b + block.size
    return pairs | _elsewhere([said(shot) for shot in old], [said(shot) for shot in new], pairs)


class _Known:
    """A shot as it is compared: its words, or what it shows where it says nothing."""

    def __init__(self, shot: Shot) -> None:
        self.words = frozenset(re.findall(r"\w+", said(shot).casefold()))
        self.silent = frozenset() if self.words else frozenset(_contents(shot))

    def likeness(self, other: "_Known") -> float:
        """Dice's coefficient, 0 (nothing shared) to 1; a silent shot is not like one that says something."""
        mine, theirs = (self.words, other.words) if self.words or other.words else (self.silent, other.silent)
        return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine or theirs else 1.0


def aligned(old: Sequence[_Known], new: Sequence[_Known]) -> list[tuple[int, int]]:
    """Pairs in order whose likenesses have the greatest sum (Needleman and Wunsch, with gaps that cost nothing)."""
    if not old or not new:
        return []
    like = [[a.likeness(b) for b in new] for a in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]  # best[i][j]: of old[i:] with new[j:]
    for i in reversed(range(len(old))):
        row, below = best[i], best[i + 1]
        for j in reversed(range(len(new))):
            both = below[j + 1] + like[i][j] if like[i][j] >= LIKE else 0.0
            row[j] = max(both, below[j], row[j + 1])
    out, i, j = list[tuple[int, int]](), 0, 0
    while i < len(old) and j < len(new):
        if like[i][j] >= LIKE and best[i][j] == best[i + 1][j + 1] + like[i][j]:
            out.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return out


def _key(shot: Shot) -> str:
    return said(shot) or "\n".join(sorted(_contents(shot)))


def _contents(shot: Shot) -> list[str]:
    """What a shot is beside its name and its join, a text for each field."""
    data = shot.model_dump(exclude={"id", "join"}, exclude_defaults=True)
    return [f"{key}: {value}" for key, value in data.items()]


def _elsewhere(before: Sequence[str], after: Sequence[str], pairs: Mapping[int, int]) -> dict[int, int]:
    """Shots left over that say what one other left over says: the writer put them elsewhere."""
    olds, news = set(range(len(before))) - set(pairs.values()), set(range(len(after))) - set(pairs)
    once = [Counter(words[n] for n in left) for words, left in ((before, olds), (after, news))]
    where = {before[n]: n for n in olds}
    return {n: where[after[n]] for n in sorted(news) if after[n] and all(count[after[n]] == 1 for count in once)}


def _alone(many_old: int, many_new: int, pairs: dict[int, int]) -> Iterator[tuple[int, int]]:
    """The one old and the one new shot left between two neighbours that stayed: a sentence written anew."""
    taken = set(pairs.values())
    edges = [(-1, -1), *((pairs[n], n) for n in sorted(pairs)), (many_old, many_new)]
    for (o, n), (next_o, next_n) in pairwise(edges):
        olds = [k for k in range(o + 1, next_o) if k not in taken]
        news = [k for k in range(n + 1, next_n) if k not in pairs]
        if len(olds) == len(news) == 1:
            yield olds[0], news[0]


def _homes(board: Storyboard) -> list[int]:
    """For each shot the number of its scene."""
    return [number for number, scene in enumerate(board.scenes) for _ in scene.shots]


def _scenes(known: Storyboard, plan: Storyboard, pairs: dict[int, int]) -> dict[int, int]:
    """Numbers of the plan's scenes -> the known ones with which they share most shots, or else their id."""
    old_homes, new_homes = _homes(known), _homes(plan)
    votes = Counter((new_homes[new], old_homes[old]) for new, old in sorted(pairs.items()))
    out: dict[int, int] = {}
    ids = {scene.id: number for number, scene in enumerate(known.scenes)}
    namesakes = [(number, ids[scene.id]) for number, scene in enumerate(plan.scenes) if scene.id in ids]
    for new, old in [*(pair for pair, _ in votes.most_common()), *namesakes]:
        if new not in out and old not in out.values():
            out[new] = old
    return out


def _named(
    plan: Storyboard, known: Storyboard, names: dict[int, str], scenes: dict[int, int], others: Sequence[Storyboard]
) -> Storyboard:
    """The plan with these names for shots, by number, and with free ones for the rest."""
    boards = [known, *others]
    taken_scenes = {scene.id.casefold() for board in boards for scene in board.scenes}
    taken_shots = {shot.id.casefold() for board in boards for shot in shots_of(board)}
    number, out = 0, list[Scene]()
    for s, scene in enumerate(plan.scenes):
        shots: list[Shot] = []
        for shot in scene.shots:
            free = _after(shots[-1].id if shots else shot.id)
            shots.append(shot.but(id=names.get(number) or _free(shot.id, taken_shots, free)))
            number += 1
        many = (f"{scene.id[:MOST]}-{n}" for n in range(2, 10**6))
        name = known.scenes[scenes[s]].id if s in scenes else _free(scene.id, taken_scenes, many)
        out.append(scene.but(id=name, shots=tuple(shots)))
    return plan.but(scenes=tuple(out))


def _after(name: str) -> Iterator[str]:
    """Names for a shot put in after another: storm-2 -> storm-2b, storm-2c ..."""
    stem = re.sub(r"(?<=\d)[a-z]$", "", name)[:MOST]
    yield from (f"{stem}{letter}" for letter in LETTERS)
    yield from (f"{stem}-{n}" for n in range(2, 10**6))


def _free(name: str, taken: set[str], more: Iterator[str]) -> str:
    """A name that nobody has, which is then taken: the first choice, or the next of those after it."""
    while name.casefold() in taken:
        name = next(more)
    taken.add(name.casefold())
    return name

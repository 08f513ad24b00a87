"""How many shots, and how long each: --shots and --length are kept to the frame where the shots allow it."""

from collections.abc import Callable
from dataclasses import replace

from storyforge.planner import coverage
from storyforge.planner.board import SHORTEST, Plan
from storyforge.planner.drafts import ShotDraft
from storyforge.storyboard import Shot, Storyboard, resolve

FASTEST = 21.0  # characters a second one can still read
WATCHABLE = 7.5  # seconds of a shot, on average, in a film with more time than words
BARE = 1.5  # seconds: no shot is shorter, unless there are so many that they must be


def count(plan: Plan) -> int:
    """Shots of a plan."""
    return sum(shot.views for _, shots in plan.scenes for shot in shots)


def shots_for(now: int, length: float) -> int:
    """How many shots suit a length: as many as there are, unless they would be too short or too long to watch."""
    most, least = max(1, int(length / SHORTEST)), max(1, round(length / WATCHABLE))
    return min(max(now, least), most)


def reshape(plan: Plan, wanted: int) -> None:
    """Merge the shortest neighbours, or part shots of several sentences and show the rest in several views."""
    while count(plan) > max(1, wanted):
        _merge(plan)
    while count(plan) < wanted and _part(plan):
        pass
    if count(plan) < wanted:
        _spread(plan, wanted)


def _merge(plan: Plan) -> None:
    pairs = [
        (shots[i].size + shots[i + 1].size + 40 * (shots[i].lead != shots[i + 1].lead), s, i)
        for s, (_, shots) in enumerate(plan.scenes) for i in range(len(shots) - 1)
    ]  # fmt: skip
    if pairs:
        _, s, i = min(pairs)
        shots = plan.scenes[s][1]
        shots[i : i + 2] = [ShotDraft(shots[i].pieces + shots[i + 1].pieces, shots[i].scene)]
        return
    sizes = [sum(x.size for x in shots) for _, shots in plan.scenes]
    s = min(range(len(sizes) - 1), key=lambda k: sizes[k] + sizes[k + 1])
    (scene, one), (other, two) = plan.scenes[s], plan.scenes[s + 1]
    larger = scene if sizes[s] >= sizes[s + 1] else other
    merged = replace(scene, moments=scene.moments + other.moments, place=larger.place, time=larger.time)
    plan.scenes[s : s + 2] = [(merged, [*one, *two])]


def _part(plan: Plan) -> bool:
    """Cut the longest shot that tells more than one sentence or line; whether there was one."""
    several = [
        (shot.size, -s, -i)
        for s, (_, shots) in enumerate(plan.scenes)
        for i, shot in enumerate(shots)
        if len(shot.pieces) > 1
    ]
    if not several:
        return False
    _, s, i = max(several)
    scene, shots = plan.scenes[-s]
    pieces = shots[-i].pieces
    middle = len(pieces) // 2
    shots[-i : -i + 1] = [ShotDraft(pieces[:middle], scene), ShotDraft(pieces[middle:], scene)]
    return True


def _spread(plan: Plan, wanted: int) -> None:
    """Give each shot the views it deserves, `wanted` in all (the largest remainders are rounded up)."""
    shots = [(shot, coverage.weight(shot, n == 0)) for _, shots in plan.scenes for n, shot in enumerate(shots)]
    spare, total = wanted - len(shots), sum(weight for _, weight in shots)
    shares = [spare * weight / total for _, weight in shots]
    for (shot, _), share in zip(shots, shares, strict=True):
        shot.views = 1 + int(share)
    rest = sorted(range(len(shots)), key=lambda n: int(shares[n]) - shares[n])
    for n in rest[: wanted - count(plan)]:
        shots[n][0].views += 1


def abridge(plan: Plan, length: float, tell: Callable[[str], None]) -> None:
    """Leave out the least telling sentences when a film is too short for all its words."""
    room = int(length * FASTEST)
    pieces = [(p, shot) for _, shots in plan.scenes for shot in shots for p in shot.pieces]
    total = sum(p.size for p, _ in pieces)
    if total <= room:
        return
    ranked = sorted(pieces, key=lambda pair: (pair[0].speech is not None, bool(pair[0].acts), -pair[0].size))
    left_out = 0
    for piece, shot in ranked:
        if total <= room or len(shot.pieces) == 1:
            continue
        shot.pieces.remove(piece)
        total -= piece.size
        left_out += 1
    if left_out:
        tell(f"{length:g} s is too short for every word: {left_out} of {len(pieces)} sentences and lines are left out.")


def fit(board: Storyboard, length: float) -> Storyboard:
    """The board with its seconds stretched or squeezed so that the film lasts `length`, to the frame where it can."""
    for _ in range(3):  # joins shorten with the shots they join, so what they overlap is counted again
        now = resolve(board)
        rate = float(now.rate)
        missing = round(length * rate) - now.frames
        if missing == 0:
            break
        own = [shot.frames for shot in now.shots]
        least = max(1, min(round(BARE * rate), (sum(own) + missing) // len(own)))
        frames = dict(zip((s.id for s in now.shots), _distribute(own, sum(own) + missing, least), strict=True))
        scenes = tuple(
            s.but(shots=tuple(_timed(shot, frames[shot.id], rate) for shot in s.shots)) for s in board.scenes
        )
        board = board.but(scenes=scenes)
    return board


def _timed(shot: Shot, frames: int, rate: float) -> Shot:
    seconds = round(frames / rate, 3)
    before = shot.seconds if isinstance(shot.seconds, float) else seconds
    beats = tuple(beat.but(at=round(beat.at * seconds / before, 2)) for beat in shot.beats)
    return shot.but(seconds=seconds, **({"beats": beats} if beats else {}))


def _distribute(weights: list[int], total: int, least: int) -> list[int]:
    """Whole frames proportional to weights, none under `least`, that add up to `total` where they can."""
    if total <= least * len(weights):
        return [least] * len(weights)
    out = [max(least, int(w * total / sum(weights))) for w in weights]
    while sum(out) != total:
        step = 1 if sum(out) < total else -1
        order = sorted(range(len(out)), key=lambda i: out[i] / weights[i], reverse=step < 0)
        change = max(1, abs(total - sum(out)) // len(out))
        for i in order:
            if sum(out) == total:
                break
            room = abs(total - sum(out))
            amount = min(change, room)
            if step < 0:
                amount = min(amount, out[i] - least)
            out[i] += step * amount
    return out


def unmet(board: Storyboard, length: float) -> str:
    """Why the film is not as long as was asked, or its words too many to read; nothing where all is well."""
    found = resolve(board)
    seconds = float(found.frames / found.rate)
    if abs(seconds - length) > 0.5 / float(found.rate) + 1e-9:
        return (
            f"The film lasts {seconds:g} s and not {length:g} s: "
            f"{len(found.shots)} shots and the joins between them leave no other length; --shots changes how many."
        )
    pace = words_per_second(board)
    if pace > FASTEST:
        return f"{length:g} s are short for the words that the planner kept: {pace:.0f} characters a second to read."
    return ""


def words_per_second(board: Storyboard) -> float:
    """Characters a second that the board asks of its reader."""
    resolved = resolve(board)
    size = sum(len(s.shot.narration or "") + sum(len(line.line) for line in s.shot.dialogue) for s in resolved.shots)
    return size / max(1e-9, resolved.frames / float(resolved.rate))

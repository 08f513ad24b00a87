"""The mouths of a film against its voices, read back from the drawn rig: the fox, rendered by toon."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from storyforge.backends import Latents
from storyforge.backends.toon.drawing import slots, states
from storyforge.bench import film_board
from storyforge.cas import Journal, Key, Store
from storyforge.film.sound import RATE, spoken, voice_for
from storyforge.production import Order, Project, spans
from storyforge.production.acting import Actors
from storyforge.storyboard import Storyboard, resolve

BETWEEN = 0.03  # how far a mouth that says nothing may be open


def loudness(samples: np.ndarray, rate: float, frames: int) -> np.ndarray:
    """Root mean square of a voice over each frame, smoothed over three: an envelope that knows nothing of mouths."""
    edges = (np.arange(frames + 1) * RATE / rate).astype(int)
    padded = np.concatenate([samples, np.zeros(max(0, edges[-1] - len(samples)))])
    level = np.array([np.sqrt(np.mean(padded[a:b] ** 2)) for a, b in pairwise(edges)])
    return np.convolve(level, np.ones(3) / 3, "same")


def mouths(folder: Path, board: Storyboard) -> tuple[list[float], list[float], list[float]]:
    """Voice and mouth in every frame of every line that is seen, and every mouth that has nothing to say."""
    project = Project(folder)
    project.keep(board)
    resolved, voice = project.resolved(), voice_for()
    project.produce(Order(only=tuple({line.shot for line in spoken(resolved) if line.saying.who}), silent=True))
    actors = Actors(resolved, voice)
    store, journal = Store(folder / ".storyforge" / "store"), Journal(folder / ".storyforge" / "journal.sqlite")
    sources = {name: made[-1].source for name, made in journal.results("draw").items()}
    journal.close()
    heard: list[float] = []
    seen: list[float] = []
    silent: list[float] = []
    for span in spans(resolved, {"toon": project.renderers["toon"].capabilities}):
        if span.shots[0].id not in sources:
            continue
        kept = store.arrays(Key(sources[span.shots[0].id]))
        assert kept is not None
        latents = Latents(kept[1]["id"], kept[1]["stride"], kept[0], kept[1]["meta"])
        shown, names = states(latents, actors.acting(span)), slots(latents)
        first, told = span.shots[0].start, set[tuple[int, int]]()
        for line in actors.lines:
            start, stop = line.start - first, line.stop - first
            if not line.on or line.saying.who not in names or start < 0 or stop > span.frames:
                continue
            slot = names.index(line.saying.who)
            open_ = [
                puppet.face.mouth for state in shown[start:stop] for puppet in state.puppets if puppet.slot == slot
            ]
            if len(open_) == stop - start:
                heard += list(loudness(voice.say(line.saying), float(resolved.rate), stop - start))
                seen += open_
            told |= {(frame, slot) for frame in range(start, stop)}
        silent += [
            puppet.face.mouth
            for frame, state in enumerate(shown[: span.frames])
            for puppet in state.puppets
            if (frame, puppet.slot) not in told
            and any(line.saying.who for line in actors.lines if line.shot in sources)
        ]
    return heard, seen, silent


@pytest.fixture(scope="module")
def board() -> Storyboard:
    return film_board()


def test_mouths_follow_the_voices(board: Storyboard, tmp_path: Path) -> None:
    heard, seen, _ = mouths(tmp_path, board)
    assert len(seen) > 100
    agreed = float(np.corrcoef(heard, seen)[0, 1])
    assert agreed >= 0.8, f"{agreed:.3f} over {len(seen)} frames"


def test_no_mouth_moves_off_screen(board: Storyboard, tmp_path: Path) -> None:
    off = board.but(
        scenes=tuple(
            scene.but(
                shots=tuple(
                    shot.but(dialogue=tuple(line.but(on=False) for line in shot.dialogue)) if shot.dialogue else shot
                    for shot in scene.shots
                )
            )
            for scene in board.scenes
        )
    )
    assert any(not line.on for line in spoken(resolve(off)))
    _, seen, silent = mouths(tmp_path, off)
    assert not seen
    assert max(silent) <= BETWEEN

"""Speech over a film: the same samples whatever the blocks are, made when reached, and where it speaks."""

import gc
import weakref
from itertools import pairwise

import numpy as np

from storyforge.film.sound import RATE, Babble, Samples, Saying, Speech


class Counted:
    """Babble, and what it was asked to say."""

    name = Babble.name

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.made: list[weakref.ref[Samples]] = []

    def say(self, saying: Saying) -> Samples:
        line = Babble().say(saying)
        self.asked.append(saying.text)
        self.made.append(weakref.ref(line))
        return line


LINES = [
    (RATE * 5 + 77, Saying("It always does.", 2, "moth"), 0.7),
    (RATE // 3, Saying("Not again!", 1.5, "ember"), -0.5),
    (RATE * 6, Saying("Oh no, oh no.", 2, "ember"), -0.5),  # into the moth's line
    (RATE * 10, Saying("Then it was still.", 3), 0.0),
]


def test_blocks_do_not_matter() -> None:
    stop = 14 * RATE
    whole = Speech(LINES, Babble()).block(0, stop)
    assert whole.shape == (stop, 2)
    assert whole.dtype == np.float32
    cuts = [0, *sorted(np.random.default_rng(4).integers(0, stop, 40).tolist()), stop]
    speech = Speech(LINES, Babble())
    pieces = [speech.block(a, b) for a, b in pairwise(cuts)]
    assert np.array_equal(np.concatenate(pieces), whole)
    backwards = Speech(LINES[::-1], Babble()).block(7 * RATE, 8 * RATE)
    assert np.array_equal(backwards, whole[7 * RATE : 8 * RATE])


def test_pan_has_constant_power() -> None:
    line = Babble().say(LINES[1][1])
    for pan in (-1.0, -0.4, 0.0, 0.9, 1.0):
        block = Speech([(0, LINES[1][1], pan)], Babble()).block(0, len(line)).astype(np.float64)
        assert np.isclose(np.square(block).sum(), np.square(line, dtype=np.float64).sum(), rtol=1e-4)
        left, right = np.square(block).sum(0)
        assert np.sign(round(right - left, 6)) == np.sign(pan)


def test_lines_are_made_when_reached_and_let_go_when_past() -> None:
    voice = Counted()
    lines = [(RATE * 20 * n, Saying(f"Number {n}.", 15, "ember"), 0.0) for n in range(12)]
    speech = Speech(lines, voice)
    speech.block(0, RATE)
    assert voice.asked == ["Number 0."]
    for second in range(240):
        speech.block(second * RATE, (second + 1) * RATE)
    assert voice.asked == [saying.text for _, saying, _ in lines]
    gc.collect()
    assert sum(made() is not None for made in voice.made) <= 4


def test_where_it_speaks() -> None:
    speech = Speech(LINES, Babble())
    whole = np.abs(speech.block(0, 14 * RATE)).max(1)
    spoken = speech.spoken(0, 14 * RATE)
    assert len(spoken) == 3  # each line is one phrase, and the narrator has none
    outside = np.ones(len(whole), bool)
    for begin, end in spoken:
        assert whole[begin:end].max() > 0.1
        outside[begin:end] = False
    assert whole[outside].max() <= 1e-3
    assert (
        speech.spoken(5 * RATE + RATE // 2, 5 * RATE + RATE // 2 + 100)[0] == spoken[1]
    )  # whole phrases, wherever they are met
    assert speech.spoken(9 * RATE, 14 * RATE) == ()

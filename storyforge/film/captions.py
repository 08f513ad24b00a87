"""Narration and dialogue as captions: cut where one would breathe, timed, and written as subtitle files."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from html import escape
from math import sqrt
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from storyforge import clock
from storyforge.clock import Rate, Span
from storyforge.film import lettering
from storyforge.storyboard import spoken_letters

if TYPE_CHECKING:
    from storyforge.storyboard import Resolved, ResolvedShot, TimedLine

LINES, COLUMNS = 2, 42  # what subtitlers allow one caption at most
LINGER = Fraction(3, 5)  # seconds that words stay after they were said, where nothing follows
LEAST = Fraction(4, 5)  # seconds that a caption is shown at least, where the next one can wait

# Beside what a break costs (lettering.breath), a caption itself costs CAPTION, so that short sentences share one; an
# uneven share of the letters costs up to about as much, and a caption of a word or two more.
CAPTION, UNEVEN, ORPHAN = 5.0, 6.0, 8.0


@dataclass(frozen=True)
class Caption:
    """Words on film frames [start, stop); `who` names the speaker where a line begins, None for the narrator."""

    start: int
    stop: int
    text: str
    who: str | None = None


def columns(size: tuple[int, int]) -> int:
    """Letters a line may have in a picture of this size: 42, fewer in an upright one."""
    width, _ = size
    return max(12, min(COLUMNS, int(width * 0.84 / (0.5 * type_size(size)))))


def type_size(size: tuple[int, int]) -> int:
    """Pixels of a caption's type: 35 at 1280x720, and as large beside the picture in any shape of it."""
    width, height = size
    return max(10, round(min(sqrt(width * height) * 0.0365, width * 0.053)))


def captions(film: "Resolved") -> list[Caption]:
    """Every word of the film as captions that never overlap, in order."""
    found = [caption for shot in film.shots for caption in shot_captions(film, shot)]
    return apart(sorted(found, key=lambda caption: caption.start), film.rate, film.frames)


def shot_captions(film: "Resolved", shot: "ResolvedShot") -> Iterator[Caption]:
    """One shot's captions on the film's frames."""
    most = columns(film.size)
    for line in shot.words:
        name = speaker(line)
        parts = chunks(line.line, most, len(name or ""))
        for index, (span, text) in enumerate(timed(parts, Span(shot.start + line.start, shot.start + line.stop))):
            yield Caption(max(0, span.start), max(1, span.stop), text, None if index else name)


def speaker(line: "TimedLine") -> str | None:
    """A speaker as the audience knows it: `old-bear@rain` is Old Bear."""
    if line.who is None:
        return None
    name = re.sub(r"[-_]+", " ", line.who.partition("@")[0])
    return name.title() if name.islower() else name


def chunks(text: str, most: int = COLUMNS, indent: int = 0) -> list[str]:
    """The text in parts of at most two lines of `most` letters, ended where one would breathe.

    Dynamic programming over the words: ends of sentences are free, commas cost a little, the midst of a clause much.
    indent is room taken on the first line by the speaker's name.
    """
    words = lettering.PIECE.findall(text)
    best: list[tuple[float, int]] = [(0.0, 0)]
    total = letters(text)
    fair = total / max(1, -(-total // (LINES * most)))
    for stop in range(1, len(words) + 1):
        options = []
        ends = lettering.breath(words[stop - 1], words[stop]) if stop < len(words) else 0.0
        for start in range(stop - 1, -1, -1):
            part = "".join(words[start:stop]).strip()
            if start < stop - 1 and not fits(part, most, 0 if start else indent):
                break
            uneven = (letters(part) - fair) / (LINES * most)
            cost = CAPTION + UNEVEN * uneven**2 + ORPHAN * (letters(part) < 12)
            options.append((best[start][0] + cost + ends, start))
        best.append(min(options))
    out, stop = [], len(words)
    while stop:
        start = best[stop][1]
        out.append(" ".join("".join(words[start:stop]).split()))
        stop = start
    return out[::-1]


def letters(text: str) -> int:
    """Columns of a text: a Chinese, Japanese or Korean letter takes two."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def fits(text: str, most: int = COLUMNS, indent: int = 0) -> bool:
    """Whether a text takes at most two lines."""
    if letters(text) > LINES * most:
        return False
    return lettering.fewest(text, letters, most, indent + 2 if indent else 0) <= LINES


def timed(parts: Sequence[str], span: Span) -> Iterator[tuple[Span, str]]:
    """The parts over the frames of their line, each as long as its share of what is said, at least one frame."""
    total, passed, start = sum(map(spoken_letters, parts)), 0.0, span.start
    for index, part in enumerate(parts):
        passed += spoken_letters(part)
        stop = max(start + 1, span.start + round(len(span) * passed / total), start + 1)
        stop = span.stop if index == len(parts) - 1 and span.stop > start else stop
        yield Span(start, stop), part
        start = stop


def apart(found: Sequence[Caption], rate: Rate, frames: int) -> list[Caption]:
    """Captions that follow one another: none overlaps the next, short ones are shown long enough where there is room,
    and words linger a little after they were said, up to the next ones or the film's end."""
    linger, least = clock.frames(LINGER, rate), clock.frames(LEAST, rate)
    out: list[Caption] = []
    for caption in found:
        if out:
            before = out[-1]
            shown = min(least, before.stop - before.start)
            caption = replace(caption, start=max(caption.start, before.start + max(1, shown)))
            out[-1] = replace(before, stop=min(before.stop, caption.start))
        out.append(replace(caption, stop=max(caption.stop, caption.start + 1)))
    out = [caption for caption in out if caption.start < frames]
    ends = [caption.start for caption in out[1:]] + [frames] * bool(out)
    return [
        replace(caption, stop=min(end, max(caption.stop + linger, caption.start + least)))
        for caption, end in zip(out, ends, strict=True)
    ]


def srt(found: Sequence[Caption], rate: Rate) -> str:
    """The captions as a SubRip file."""
    return _subtitles(found, rate, "srt")


def vtt(found: Sequence[Caption], rate: Rate) -> str:
    """The captions as WebVTT, for browsers."""
    return _subtitles([replace(caption, text=escape(caption.text, quote=False)) for caption in found], rate, "vtt")


def cues(found: Sequence[Caption], rate: Rate) -> list[tuple[Fraction, Fraction, str]]:
    """The captions as seconds and lines, for a track in the film's own file."""
    return [(caption.start / rate, caption.stop / rate, written(caption)) for caption in found]


def written(caption: Caption) -> str:
    """A caption's lines as text: the speaker's name and a colon, then the words."""
    name = f"{caption.who}: " if caption.who else ""
    return "\n".join(lettering.lines(name + caption.text, letters, COLUMNS))


def _subtitles(found: Sequence[Caption], rate: Rate, form: str) -> str:
    import pysubs2

    file = pysubs2.SSAFile()
    for start, stop, text in cues(found, rate):
        event = pysubs2.SSAEvent(start=round(start * 1000), end=round(stop * 1000))
        event.plaintext = text
        file.append(event)
    return str(file.to_string(form, keep_ssa_tags=True))  # braces are words here, not styles

"""Screenplay text: INT./EXT. headings, action, speaker names, parentheticals, dialogue."""

import re

from storyforge.planner import times, words
from storyforge.planner.sentences import Heading, Passage, Sentence, Speech, sentences
from storyforge.planner.words import Word

_HEADING = re.compile(
    r"^\s*(?:\d+\s*[.)]?\s+)?(?P<where>INT\.?/EXT|EXT\.?/INT|I/E|INT|EXT)[.:]?\s+(?P<rest>.+?)\s*$", re.IGNORECASE
)
_NAME = re.compile(r"^\s*(?P<name>[A-Z][A-Z0-9 .'’-]{0,30}[A-Z0-9.])\s*(?P<note>\([^)]*\))?\s*:?\s*$")
_COLON = re.compile(r"^\s*(?P<name>[A-Z][A-Z0-9 .'’-]{0,24})\s*(?P<note>\([^)]*\))?:\s+(?P<line>\S.*)$")
_CUE = re.compile(
    r"^\s*(?:FADE (?:IN|OUT|TO)|CUT TO|DISSOLVE TO|SMASH CUT|MATCH CUT|THE END|END|TITLE CARD|CONTINUED|MORE)\b.*$"
)
_DAYS = {
    "night": "night", "midnight": "night", "morning": "morning", "dawn": "morning", "sunrise": "morning",
    "dusk": "evening", "evening": "evening", "sunset": "evening", "afternoon": "day", "noon": "day", "day": "day",
}  # fmt: skip


def is_screenplay(text: str) -> bool:
    """Whether a text has a screenplay's headings, or speakers' names on lines of their own."""
    lines = [line for line in text.split("\n") if line.strip()]
    if any(_HEADING.match(line) and line.strip()[:3].isupper() for line in lines):
        return True
    names = [m.group("name") for line in lines if (m := _COLON.match(line))]
    return len(names) >= 2 and len(names) * 2 >= len(lines) - 1


def parse(text: str) -> tuple[str, list[Sentence]]:
    """Title and sentences; dialogue becomes sentences that are one speech with its speaker named."""
    out: list[Sentence] = []
    title, heading, paragraph, speaker = "", None, 0, ("", "")
    action: list[str] = []
    names = words.capitalised(text) | frozenset(
        m.group("name").title() for line in text.split("\n") if (m := _NAME.match(line))
    )
    for line in [*text.split("\n"), ""]:
        mark, colon = _HEADING.match(line), _COLON.match(line)
        if not out and not heading and not mark and line.strip() and not _CUE.match(line) and not title:
            title = re.sub(r"^title:\s*", "", line.strip(), flags=re.IGNORECASE).strip('"')
            title = title.title() if title.isupper() else title
            continue
        if line.strip() and not mark and speaker[0] and not _CUE.match(line):
            paragraph += 1
            speaker, spoken = _speak(line, speaker, paragraph, heading)
            if spoken is not None:
                out.append(spoken)
                heading = None
            continue
        if action and (not line.strip() or mark or colon or _CUE.match(line) or _NAME.match(line)):
            paragraph += 1
            found = sentences(Passage(_plain(" ".join(action)), heading), paragraph, names)
            for sentence in found:
                sentence.fixed = True
            out += found
            action, heading = [], None
        speaker = ("", "")
        if mark:
            heading = _scene(mark.group("where"), mark.group("rest"))
        elif colon:
            paragraph += 1
            out.append(_said(colon.group("line"), colon.group("name"), colon.group("note") or "", paragraph, heading))
            heading = None
        elif (cue := _NAME.match(line)) and not _CUE.match(line):
            speaker = (cue.group("name"), cue.group("note") or "")
        elif line.strip() and not _CUE.match(line):
            action.append(line.strip())
    return _credible(title), out or sentences(Passage(text.strip(), heading), 0, names)


def _credible(title: str) -> str:
    return title if len(title) <= 80 and not title.endswith((".", ",")) else ""


def _plain(text: str) -> str:
    """Names in capitals, as introductions have them, to plain capitals: MARA -> Mara."""
    return re.sub(r"\b([A-Z])([A-Z’']{2,})\b", lambda m: m.group(1) + m.group(2).lower(), text)


def _scene(where: str, rest: str) -> Heading:
    parts = [part.strip() for part in re.split(r"\s+[-–—]+\s+|,\s*(?=\w+$)", rest) if part.strip()]
    time = ""
    if len(parts) > 1:
        low = parts[-1].lower()
        time = next((t for word, t in _DAYS.items() if word in low), "")
        if time or low in ("continuous", "later", "same", "moments later"):
            parts = parts[:-1]
    place = re.sub(r"^(?:the|a|an)\s+", "", " ".join(parts[:1] if len(parts) > 1 else parts).lower().rstrip("."))
    return Heading(rest, place, time or times.time_of(rest.lower()), inside=where.upper().startswith("INT"))


def _speak(
    line: str, speaker: tuple[str, str], paragraph: int, heading: Heading | None
) -> tuple[tuple[str, str], Sentence | None]:
    if line.strip().startswith("(") and line.strip().endswith(")"):
        return (speaker[0], f"{speaker[1]} {line.strip()}"), None
    return (speaker[0], re.sub(r"\((?!V\.?O|O\.?S)[^)]*\)", "", speaker[1])), _said(
        line.strip(), speaker[0], speaker[1], paragraph, heading
    )


def _said(line: str, name: str, note: str, paragraph: int, heading: Heading | None) -> Sentence:
    inner = re.findall(r"\(([^)]*)\)", note) + re.findall(r"^\(([^)]*)\)", line)
    line = re.sub(r"^\([^)]*\)\s*", "", line)
    off = any(re.match(r"V\.?\s?O|O\.?\s?S|O\.?\s?C", part.strip()) for part in inner)
    how = next(
        (
            part.strip()
            for part in inner
            if not re.match(r"V\.?\s?O|O\.?\s?S|O\.?\s?C|CONT", part.strip(), re.IGNORECASE)
        ),
        "",
    )
    source = f'"{line}"'
    clean = re.sub(r"\s+", " ", name.replace(".", " ")).strip()
    return Sentence(
        paragraph,
        source,
        [Word(source, 0, len(source), "Q")],
        [Speech(line, name=clean, how=how, off=off)],
        heading,
        fixed=True,
    )

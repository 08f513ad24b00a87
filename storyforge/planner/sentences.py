"""A story's text into passages, speeches and sentences."""

import re
from dataclasses import dataclass, field

from storyforge.planner import tags, verbs, words
from storyforge.planner.words import Word


@dataclass(slots=True)
class Speech:
    """What one quotation says; `who` is the speaker's id once the cast is known."""

    text: str
    who: str = ""
    how: str = ""
    name: str = ""  # the speaker as a screenplay names them
    off: bool = False


@dataclass(slots=True)
class Heading:
    """A screenplay's or chapter's heading: what it says of place and time, where a new scene begins."""

    text: str
    place: str = ""
    time: str = ""
    inside: bool | None = None
    shown: bool = False  # a chapter heading is shown as a title


@dataclass(slots=True)
class Sentence:
    """One sentence: its words, in which a speech is a single word with the tag Q."""

    paragraph: int
    source: str  # the paragraph's text, which the words' places count in
    words: list[Word]
    speeches: list[Speech] = field(default_factory=list)
    heading: Heading | None = None  # a scene begins here
    fixed: bool = False  # of a screenplay: the heading says where, and what happens is shown, not told

    def text(self, first: int = 0, last: int | None = None) -> str:
        """The words first..last (exclusive) as they were written."""
        picked = self.words[first:last]
        return self.source[picked[0].start : picked[-1].stop] if picked else ""


@dataclass(slots=True)
class Passage:
    """A paragraph, with the heading that came before it."""

    text: str
    heading: Heading | None = None


_BREAK = re.compile(r"^\s*(?:[*~#=_•·⁂-]\s*){1,}$")
_CHAPTER = re.compile(
    r"^\s*(?:#+\s+\S.*|(?:chapter|part|act|scene|book)\s+(?:[ivxlc]+|\d+|one|two|three|four|five|six|seven|eight|nine|ten)\b.{0,80})$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[-*•·]|\d+[.)])\s+")
_BYLINE = re.compile(r"^\s*(?:by|written by)\s+[A-Z][\w.' -]{1,40}$|^\s*(?:©|copyright)\b.*$", re.IGNORECASE)


def passages(text: str) -> tuple[str, list[Passage]]:
    """Title ("" when the text has none) and paragraphs."""
    blocks = [block.strip("\n") for block in re.split(r"\n[ \t]*(?:\n[ \t]*)+", text.strip()) if block.strip()]
    title, blocks = _title(blocks)
    out: list[Passage] = []
    heading: Heading | None = None
    for block in blocks:
        if _BREAK.match(block):
            heading = heading or Heading("")
        elif _CHAPTER.match(block) and "\n" not in block and len(block) < 90:
            heading = Heading(block.lstrip("# ").strip(), shown=True)
        elif not _BYLINE.match(block):
            for part in _paragraphs(block):
                out.append(Passage(part, heading))
                heading = None
    return title, out


def _title(blocks: list[str]) -> tuple[str, list[str]]:
    first = blocks[0] if blocks else ""
    line, _, rest = first.partition("\n")
    named = re.match(r"^\s*(?:#\s+|title:\s*)(\S.*?)\s*$", line, re.IGNORECASE)
    if named:
        return named.group(1).strip("*_ "), [b for b in [rest.strip(), *blocks[1:]] if b]
    plain = (
        len(first) <= 80 and "\n" not in first and len(blocks) > 1 and not re.search(r"[.!?…:;,\"”]$", first.strip())
    )
    if (
        plain
        and not _BREAK.match(first)
        and not _CHAPTER.match(first)
        and not _BULLET.match(first)
        and not re.match(r"(?:INT|EXT)\b", first)
    ):
        return _capitals(first.strip("*_ ")), blocks[1:]
    return "", blocks


def _capitals(title: str) -> str:
    return title.title().replace("'S", "'s") if title.isupper() else title


def _paragraphs(block: str) -> list[str]:
    """Soft-wrapped lines joined; the items of a list and the lines of a verse apart."""
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    if len(lines) > 1 and (all(map(_BULLET.match, lines)) or all(len(line) < 50 for line in lines)):
        bare = [_item(_BULLET.sub("", line)) for line in lines]
        if all(map(_BULLET.match, lines)) or not any(re.search(r"[.!?,;:…\"”]$", line) for line in lines):
            return bare
    return [" ".join([_BULLET.sub("", lines[0]), *lines[1:]])] if lines else []


def _item(text: str) -> str:
    """An item of a list as a sentence of its own."""
    return text[:1].upper() + text[1:] + ("" if text[-1:] in ".!?,;:…\"”'’" else ".")


_OPEN = {"“": "”", "«": "»", '"': '"', "„": "“", "‘": "’"}


def quotations(text: str, single: bool = False) -> list[tuple[int, int]]:
    """Places (start, stop) of the speeches of a paragraph, quotation marks included."""
    marks = dict(_OPEN) if single else {k: v for k, v in _OPEN.items() if k != "‘"}
    if single:
        marks["'"] = "'"
    out: list[tuple[int, int]] = []
    i = 0
    while i < len(text):
        close = marks.get(text[i])
        if close is None or (close in "'’" and not _opens(text, i)):
            i += 1
            continue
        end = _closing(text, i + 1, close)
        if _spoken(text, i, end):
            out.append((i, end))
        i = end
    return out


def _opens(text: str, i: int) -> bool:
    return (i == 0 or text[i - 1] in " (—–-\t") and i + 1 < len(text) and not text[i + 1].isspace()


def _closing(text: str, start: int, close: str) -> int:
    at = start
    while True:
        at = text.find(close, at)
        if at < 0:
            return len(text)
        inside = close in "'’" and at + 1 < len(text) and text[at + 1].isalpha()
        if not inside and not (
            close in "'’" and text[at - 1].isalpha() and text[at + 1 : at + 2] not in ("", ",", ".")
        ):
            return at + 1
        at += 1


def _spoken(text: str, start: int, stop: int) -> bool:
    """Whether quotation marks hold speech and not a word in doubt ("the so-called 'king'")."""
    inner = text[start + 1 : stop - 1].strip()
    if not any(c.isalnum() for c in inner):
        return False
    if inner[-1] in ",.!?…—-–;:" or len(inner.split()) > 5:
        return True
    around = re.findall(r"[a-z']+", (text[max(0, start - 25) : start] + " " + text[stop : stop + 25]).lower())
    return (start == 0 and stop >= len(text)) or any(
        lemma in verbs.speech() for w in around for lemma, _ in verbs.readings(w)
    )


def single_quoted(text: str) -> bool:
    """Whether a story writes its speech in single quotation marks, as British books do."""
    double = len(re.findall(r'["“«]', text))
    single = len(re.findall(r"(?:^|[\s(—])['‘](?=[A-Z])", text)) + len(re.findall(r"[,.!?]['’](?=[\s]|$)", text))
    return single >= 2 and double * 2 < single


def sentences(
    passage: Passage, paragraph: int, names: frozenset[str] = frozenset(), single: bool = False, past: bool = False
) -> list[Sentence]:
    """The sentences of a paragraph, tagged; the heading goes to the first."""
    text = passage.text
    line: list[Word] = []
    speeches: dict[int, Speech] = {}
    at = 0
    for start, stop in [*quotations(text, single), (len(text), len(text))]:
        line += words.tokens(text[at:start], at)
        if stop > start:
            line.append(Word(text[start:stop], start, stop, "Q"))
            speeches[start] = Speech(re.sub(r"\s+", " ", text[start:stop].strip("\"“”«»„'‘’ ")))
        at = stop
    out = [Sentence(paragraph, text, part) for part in _cut(line)]
    for sentence in out:
        tags.tag(sentence.words, names, past)
        sentence.speeches = [speeches[w.start] for w in sentence.words if w.tag == "Q"]
    if out:
        out[0].heading = passage.heading
    return out


def _cut(line: list[Word]) -> list[list[Word]]:
    out: list[list[Word]] = []
    current: list[Word] = []
    for i, word in enumerate(line):
        current.append(word)
        following = line[i + 1] if i + 1 < len(line) else None
        if following is None or _ends(line, i, current):
            out.append(current)
            current = []
    merged: list[list[Word]] = []
    for part in out:  # a lone mark belongs to the sentence before
        if merged and not any(w.tag == "Q" or w.text[0].isalnum() for w in part):
            merged[-1] += part
        else:
            merged.append(part)
    return [part for part in merged if any(w.tag == "Q" or w.text[0].isalnum() for w in part)]


def _ends(line: list[Word], i: int, current: list[Word]) -> bool:
    word, following = line[i], line[i + 1]
    if word.tag == "Q":
        return _speech_ends(line, i, current)
    if word.text not in (".", "!", "?", "…", "...", "...."):
        return False
    if following.tag == "Q":
        return True
    return following.text[0].isupper() or following.text[0].isdigit() or following.text in ("—", "-", "(", "[")


def _speech_ends(line: list[Word], i: int, current: list[Word]) -> bool:
    """Whether a sentence ends after the speech at i: the speech is closed and no attribution follows."""
    word, following = line[i], line[i + 1]
    closed = word.text.rstrip("\"”»'’“ ")[-1:] in ".!?…—"
    if following.tag == "Q":
        return True
    if not closed or not following.text[0].isalnum():
        return False
    if len(current) > 1 and following.text[0].isupper():
        return True  # Ember said, "Come in." She opened
    ahead = [w.low for w in line[i + 1 : i + 6]]
    spoken = [
        k
        for k, w in enumerate(ahead)
        if any(lemma in verbs.speech() and form in ("past", "s") for lemma, form in verbs.readings(w))
    ]
    return following.text[0].isupper() and not (spoken and "." not in ahead[: spoken[0]])

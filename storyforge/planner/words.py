"""Tokens of a stretch of English, and the words whose part of speech never changes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from storyforge.planner import lexicon, verbs

# Tags: D determiner, S possessive, M number, A adjective, N noun, E name, V verb, X auxiliary, T to, P preposition,
# C conjunction, B subordinator, R relative, O pronoun, J adverb, Q a speech, I interjection, Z possessive 's,
# . end, "," pause, ' other marks


@dataclass(slots=True)
class Word:
    """One token; `start` and `stop` are places in the paragraph it was cut from."""

    text: str
    start: int
    stop: int
    tag: str = ""
    lemma: str = ""
    form: str = ""  # of verbs: base s past part ing
    low: str = field(default="")

    def __post_init__(self) -> None:
        self.low = self.text.lower().replace("’", "'")


def _closed() -> dict[str, str]:
    table = {
        "D": "the a an this that these those every each some any no another all both either neither such",
        "S": "his her its their my our your whose",
        "M": " ".join(["one", *sorted(lexicon.NUMBERS)]),
        "X": """is are was were be been being am has have had do does did will would shall should can could may
            might must isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't
            can't couldn't shouldn't cannot mustn't""",
        "P": """in on at of from with by into onto over under above below beside behind beyond between among through
            across along around about against near towards toward inside outside within without upon off up down
            past before after during for like beneath underneath opposite out amid amongst throughout alongside
            atop via till""",
        "C": "and or but nor yet so then",
        "B": """when while as until because if though although since unless whenever wherever where whereupon before
            after lest""",
        "R": "who which whom that what",
        "O": """he she it they him them i me we us you himself herself itself themselves myself ourselves yourself
            everyone everybody nobody someone somebody anyone nothing something everything anything hers theirs
            mine ours yours""",
        "J": """hither thither yonder not never always often now then soon again once only just very too quite
            almost still already ever away back home here there together apart forward backward upstairs
            downstairs indoors outdoors upwards downwards today tomorrow yesterday perhaps maybe suddenly slowly
            at-last instead also even rather more most much less ahead aside everywhere nowhere somewhere
            however meanwhile otherwise afterwards later ago else enough twice thus therefore though tonight
            round overhead ashore aloft""",
        "I": "oh ah hello yes well alas hey goodbye please hush",
    }
    out: dict[str, str] = {}
    for tag, words in table.items():
        for word in words.split():
            out.setdefault(word, tag)
    return out


CLOSED = _closed()
_TOKEN = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|St|Prof|Capt|Sgt|Lt|Col|Jr|Sr|Messrs)\.(?=\s)|[A-Z]\.(?=\s?[A-Z])|\d[\d,.:]*\d|\d"
    r"|[^\W\d_]+(?:['’-][^\W\d_]+)*['’]?(?=s\b)?|\.{2,}|…|[–—]|--+|[^\w\s]|_"
)
ENDS = frozenset([".", "!", "?", "…", "...", "...."])
_GERMAN = re.compile(
    r"(?:d(?:er|ie|as|em|en|es)|(?:k?ein|mein|dein|sein|ihr|unser|euer|jed|dies|alle|viele)(?:e[rmns]?)?"
    r"|am|im|zum|zur|vom|beim|ins|ans|aufs|durchs)"
)
PAUSES = frozenset([",", ";", ":", "–", "—", "--", "(", ")", "---", "-", "[", "]"])


def tokens(text: str, offset: int = 0) -> list[Word]:
    """Words and marks of a text without tags; a possessive 's is a word of its own."""
    out: list[Word] = []
    for match in _TOKEN.finditer(text):
        word, start = match.group(), offset + match.start()
        cut = re.fullmatch(r"(.+?)(['’]s|(?<=s)['’])", word)
        if cut and cut.group(1).lower() not in ("it", "that", "he", "she", "what", "there", "here", "let", "who"):
            middle = start + len(cut.group(1))
            out += [Word(cut.group(1), start, middle), Word(cut.group(2), middle, start + len(word), "Z")]
        else:
            out.append(Word(word.rstrip("'’") if len(word) > 1 else word, start, start + len(word)))
    return out


def told_in_past(text: str) -> bool:
    """Whether a story is told in the past tense, as most are."""
    low = re.sub(r"[\"“][^\"”]*[\"”]", " ", text.lower())
    was = len(re.findall(r"\b(?:was|were|had|said|went|came|did|\w{3,}ed)\b", low))
    return (
        was > 3 * len(re.findall(r"\b(?:is|are|has|says|does|goes|comes|looks|walks|runs|sits|stands)\b", low))
        and was > 2
    )


def uncapitalise(story: Sequence[Word]) -> None:
    """Takes the nouns of a German story, which all have a capital, for words that name nobody (adverbs, say).

    What is left as names: words that come back and never follow an article, a possessive or "am", "im", "zum".
    """
    after: dict[str, list[str]] = {}
    for before, word in zip(["", *(w.low for w in story)], story, strict=False):
        if word.tag == "E":
            after.setdefault(word.text, []).append(before)
    for word in story:
        if word.tag == "E" and (len(after[word.text]) < 2 or any(map(_GERMAN.fullmatch, after[word.text]))):
            word.tag = "J"


def capitalised(text: str) -> frozenset[str]:
    """Names, as far as one can tell: capitals in the middle of a sentence, and "Ember the (small) fox" at its start."""
    found = re.findall(r"(?<=[a-z,;] )([A-Z][a-zà-ÿ]+(?:-[A-Z]?[a-z]+)?)", text)
    for name, said in re.findall(r"(?:^|[.!?]\s+)([A-Z][a-zà-ÿ]+) the ((?:[a-z-]+ ){1,3})", text, re.MULTILINE):
        if not verbs.readings(name.lower()) and set(said.split()) & lexicon.beings().keys():
            found.append(name)
    return frozenset(word for word in found if word.lower() not in CLOSED and word.lower() not in lexicon.TITLES)

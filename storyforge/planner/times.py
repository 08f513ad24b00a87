"""Words for when: the time of day a sentence sets, and how far it leaps ahead."""

import re

TIMES = {
    "morning": "morning dawn sunrise daybreak first-light breakfast",
    "day": "noon midday afternoon daytime daylight lunchtime",
    "evening": "evening dusk sunset twilight nightfall suppertime",
    "night": "night midnight moonlight starlight bedtime nighttime",
}

_TIME_WORD = {word: time for time, words in TIMES.items() for word in words.split()}

_PATTERNS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.VERBOSE), time)
    for pattern, time in (
        (
            r"""\b first\ light \b | \b (?:cock|rooster) \ crow
            | \b sun \s+ (?:\w+\s+)? (?:rose|rises|came\ up|comes\ up|was\ rising|climbed)""",
            "morning",
        ),
        (
            r"\b sun \s+ (?:\w+\s+)? (?:set|sets|sank|sinks|went\ down|goes\ down|was\ setting|was\ sinking) \b",
            "evening",
        ),
        (
            r"""\b (?:it|sky) \s+ (?:\w+\s+)? (?:grew|became|got|gets|grows|was\ getting|was\ growing) \s+ dark \b
            | \b night\ fell \b | \b (?:under|beneath) \ the \ (?:stars|moon) \b
            | \b the \ (?:moon|stars) \s+ (?:rose|rises|shone|shine|shines|came\ out) \b""",
            "night",
        ),
        (r"\b late \ afternoon \b", "evening"),
    )
)

# a time word after one of these is not now ("all day", "good morning") ...
_NOT_NOW = re.compile(
    r"""\b (?:good|every|all|each|one|two|three|four|many|half|last|whole|long|some|other|per|a|by|most|of\ the)
    \s+ (?:\w+\s+)? $""",
    re.IGNORECASE | re.VERBOSE,
)
# ... unless one of these says it is
_NOW_ALL_THE_SAME = re.compile(
    r"\b(?:that|this|the next|one|late|early|at|in the|a|last|the same|all)\s+(?:\w+\s+)?$", re.IGNORECASE
)

_MANY = r"(?:many|some|several|two|three|four|five|six|seven|ten|a\ few|a\ hundred|\d+)"
JUMP_BIG = re.compile(
    rf"""\b (?:
        {_MANY} \s+ (?:long\s+)? (?:days|weeks|months|years|winters|summers)
            \s+ (?:later|passed|went\ by|after|had\ passed)
        | (?:years|months|weeks|days) \s+ (?:later|passed|went\ by)
        | the\ next\ (?:year|summer|winter|spring) | (?:that|one)\ (?:winter|summer|spring|autumn) \b
        | years\ ago | a\ (?:week|month|year)\ later
    )""",
    re.IGNORECASE | re.VERBOSE,
)
JUMP = re.compile(
    r"""\b (?:
        the\ (?:next|following)\ (?:day|morning|evening|night|afternoon) | next\ (?:morning|day)
        | (?:an\ hour|hours|some\ time|a\ while|later\ that) \b .{0,12} \b (?:later|day|night|evening)
        | by\ (?:morning|evening|night(?:fall)?|dawn|dusk)
    ) \b""",
    re.IGNORECASE | re.VERBOSE,
)


def time_of(text: str, soft: bool = False) -> str:
    """The time of day a stretch of narration sets, the last one said, or ""; `soft` takes "every evening", too."""
    found: list[tuple[int, str]] = []
    for match in re.finditer(r"[A-Za-z]+(?:-[a-z]+)?", text):
        time = _TIME_WORD.get(match.group().lower())
        if not time:
            continue
        before = text[: match.start()]
        habit = before.lower().endswith(("every ", "each "))
        now = not _NOT_NOW.search(before) or _NOW_ALL_THE_SAME.search(before)
        if (soft and habit) or (now and not habit and not before.lower().endswith("good ")):
            found.append((match.start(), time))
    for pattern, time in _PATTERNS:
        found += [(match.start(), time) for match in pattern.finditer(text)]
    return max(found)[1] if found else ""

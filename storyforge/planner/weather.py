"""Words for the weather: what starts it, and what ends it."""

import re

_ENDED = r"""(?:
    stopped|stops|passed|passes|cleared|clears|lifted|lifts|ended|ends|died|dies|parted|melted
    | moved\ on | (?:is|was)\ over | was\ gone | had\ (?:passed|stopped|gone|cleared|died)
    | (?:had\ )? (?:blew|blown)\ itself\ out
)"""

_PATTERNS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.VERBOSE), weather)
    for pattern, weather in (
        (
            rf"""\b (?:storm|rain|snow|fog|mist|wind|clouds?|blizzard) \s+ (?:\w+\s+)? {_ENDED} \b
            | \b (?:after|no) \ (?:the\ |more\ )? (?:storm|rain|snow|fog) \b
            | \b sky \ (?:was|is) \ (?:blue|clear|washed|bright) | \b sea \ (?:was|lay|is) \ (?:calm|still|flat)
            | \b clear \ (?:sky|morning|evening|night|day) \b | \b (?:sunny|sunlight|sunshine) \b
            | \b sun \ (?:\w+\ )? (?:shone|shines|was\ shining|came\ out|rose|comes\ out) \b""",
            "clear",
        ),
        (
            r"""\b storm (?:y|s)? \b (?!\ (?:lantern|door|drain)) | \b thunder\w* \b
            | \b (?:lightning|tempest|gale|hurricane) \b""",
            "storm",
        ),
        (r"\b blizzard \b | \b snow (?:flakes?|storm|fall|y|ing|ed|s)? \b (?!\ white \b)", "snow"),
        (r"\b rain (?:ing|ed|y|s|drops?)? \b | \b drizzl\w+ \b | \b downpour \b | \b pouring \b", "rain"),
        (r"\b fog (?:gy)? \b | \b mist (?:y|s)? \b | \b haze \b | \b hazy \b", "fog"),
    )
)

# "like a storm", "if it rains": not the weather now
_NOT_NOW = re.compile(
    r"""\b (?:like|as|before|of|about|until|if|when|dreamed\ of|every|against)
    \s+ (?:(?:a|an|the|any|every|next)\ )? (?:\w+\s+)? $""",
    re.IGNORECASE | re.VERBOSE,
)


def weather_of(text: str) -> str:
    """The weather a stretch of narration sets (clear, rain, snow, fog, storm) or ""."""
    for pattern, weather in _PATTERNS:
        for match in pattern.finditer(text):
            if weather == "clear" or not _NOT_NOW.search(text[: match.start()]):
                return weather
    return ""

"""The values of a storyboard's fields: names, numbers, sizes and rates, each checked with a sentence of its own."""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError, PydanticKnownError

PROSE = "prose"  # marks the fields whose scalar is read as written: 1984, ~ and 2026-01-05 are words

LONGEST = 86400.0  # seconds: a day
SIZE = re.compile(r"(\d+)x(\d+)|(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)")
FPS = re.compile(r"(\d+)/(\d+)")


def _name(value: Any) -> Any:
    """A stable name: it is part of file names and of `ember@rain`, so no spaces, dots, slashes or @."""
    if isinstance(value, str) and not re.fullmatch(r"[^\W_][\w-]{0,63}", value):
        hint = re.sub(r"[^\w-]+", "-", value.strip()).strip("-_")[:64]
        raise PydanticCustomError(
            "name",
            "{value} cannot be a name: use letters, digits, - and _{hint}",
            {"value": repr(value), "hint": f", such as {hint}" if hint else ""},
        )
    return value


def _reference(value: Any) -> Any:
    """An entity, or an entity in a look: `ember` or `ember@rain`."""
    if isinstance(value, str):
        for part in value.split("@", 1):
            _name(part)
    return value


def number_or(*words: str, low: float, high: float, above: bool = False) -> BeforeValidator:
    """A number or one of `words`, checked before the union so that there is one error and not one per branch."""

    def check(value: Any) -> Any:
        if value is None or (isinstance(value, str) and value in words):
            return value
        try:
            number = float("x" if isinstance(value, bool) else value)
        except (TypeError, ValueError):
            raise PydanticCustomError("number_or", "neither a number nor a word", {"words": words}) from None
        if not (low < number if above else low <= number):
            raise (
                PydanticKnownError("greater_than", {"gt": low})
                if above
                else PydanticKnownError("greater_than_equal", {"ge": low})
            )
        if not number <= high:
            raise PydanticKnownError("less_than_equal", {"le": high})
        return number

    return BeforeValidator(check)


def no_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("float_type", "{value} is not a number", {"value": str(value).lower()})
    return value


def sized(value: Any) -> Any:
    """A ratio (16:9) or pixels (1280x720): even, 64 to 8192 a side, at most 8 to 1."""
    match = SIZE.fullmatch(value) if isinstance(value, str) else None
    wide, high = (float(part) for part in match.groups() if part) if match else (0.0, 0.0)
    if not wide or not high or not 1 / 8 <= wide / high <= 8:
        raise PydanticCustomError(
            "size",
            "{value} is not a size: write a ratio such as 16:9, or pixels such as 1280x720",
            {"value": repr(value)},
        )
    if match and match[1]:
        fit = [min(8192, max(64, int(side) // 2 * 2)) for side in (wide, high)]
        if fit != [wide, high]:
            near = f"{fit[0]}x{fit[1]}"
            raise PydanticCustomError(
                "size",
                "{value} cannot be encoded: sides are even, 64 to 8192; nearest: {near}",
                {"value": value, "near": near},
            )
    return value


def paced(value: Any) -> Any:
    """Frames a second: a number, or a fraction such as 30000/1001."""
    match = FPS.fullmatch(value) if isinstance(value, str) else None
    try:
        rate = int(match[1]) / int(match[2]) if match else float("nan" if isinstance(value, bool) else value)
    except (TypeError, ValueError, ZeroDivisionError):
        rate = 0.0
    if not 1 <= rate <= 120:
        raise PydanticCustomError(
            "fps", "{value} is not a frame rate: write 1 to 120, such as 24 or 30000/1001", {"value": repr(value)}
        )
    return value if match else rate


Prose = Annotated[str, PROSE]
Name = Annotated[str, BeforeValidator(_name)]
Reference = Annotated[str, BeforeValidator(_reference)]
Number = Annotated[float, Field(allow_inf_nan=False), BeforeValidator(no_bool)]
Positive = Annotated[float, Field(gt=0, le=LONGEST, allow_inf_nan=False), BeforeValidator(no_bool)]
Moment = Annotated[float, Field(ge=0, allow_inf_nan=False), BeforeValidator(no_bool)]
Duration = Annotated[
    Annotated[float, Field(gt=0, le=LONGEST, allow_inf_nan=False)] | Literal["auto"],
    number_or("auto", low=0, high=LONGEST, above=True),
]
Seed = Annotated[int, Field(ge=0, lt=2**63), BeforeValidator(no_bool)]
Options = dict[str, dict[str, Any]]

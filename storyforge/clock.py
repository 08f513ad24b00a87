"""Time: whole frames at a Fraction rate, half-open spans, and the one conversion from seconds."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

Rate = Fraction

NAMED_RATES = {23.976: Fraction(24000, 1001), 23.98: Fraction(24000, 1001), 29.97: Fraction(30000, 1001)}
NAMED_RATES |= {47.95: Fraction(48000, 1001), 59.94: Fraction(60000, 1001), 119.88: Fraction(120000, 1001)}


def exact(rate: float | str) -> Rate:
    """A rate in frames a second as it is meant: 23.976 is 24000/1001, and so is "24000/1001"."""
    if isinstance(rate, str) and "/" in rate:
        return Fraction(rate)
    return NAMED_RATES.get(round(float(rate), 3), Fraction(str(rate)))


def frames(seconds: float | Fraction | str, rate: Rate) -> int:
    """Frames in `seconds` at `rate`: the nearest whole number, ties up (DESIGN 4, Time)."""
    exact = Fraction(str(seconds)) if isinstance(seconds, float) else Fraction(seconds)
    return floor(exact * rate + Fraction(1, 2))


def seconds(count: int, rate: Rate) -> float:
    """Seconds that `count` frames last at `rate`."""
    return float(Fraction(count) / rate)


@dataclass(frozen=True, order=True)
class Span:
    """Frames start, start + 1, ... stop - 1."""

    start: int
    stop: int

    def __post_init__(self) -> None:
        if self.stop < self.start:
            raise ValueError(f"span [{self.start}, {self.stop}) ends before it starts")

    def __len__(self) -> int:
        return self.stop - self.start

    def __contains__(self, frame: int) -> bool:
        return self.start <= frame < self.stop

    def meet(self, other: "Span") -> "Span":
        """The frames both spans have; empty (and at this span's edge) when there are none."""
        start = max(self.start, other.start)
        return Span(start, max(start, min(self.stop, other.stop)))

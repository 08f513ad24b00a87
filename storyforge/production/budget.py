"""Budget: the time and the money that a render takes, and what it may take."""

from dataclasses import dataclass
from time import perf_counter

from storyforge.errors import OutOfBudget, OutOfTime


@dataclass(frozen=True)
class Seconds:
    """Wall seconds of each stage; draw and encode are summed over the processes that did them."""

    cast: float = 0.0
    panels: float = 0.0
    infill: float = 0.0
    draw: float = 0.0
    encode: float = 0.0
    sound: float = 0.0
    film: float = 0.0
    total: float = 0.0


def price(seconds: float, per_hour: float) -> float:
    """What so many seconds of a machine cost, in the currency of its profile."""
    return seconds * per_hour / 3600


class Clock:
    """Wall seconds by stage; most: seconds it may take, most_cost: what it may cost at so much an hour."""

    def __init__(self, most: float | None = None, most_cost: float | None = None, per_hour: float = 0.0) -> None:
        self._begun = self._lap = perf_counter()
        self._most, self._most_cost, self._per_hour = most, most_cost, per_hour
        self._spent: dict[str, float] = {}

    @property
    def cost(self) -> float:
        """What it has cost so far."""
        return price(perf_counter() - self._begun, self._per_hour)

    def check(self) -> None:
        """Raises OutOfTime when the render has had its time, OutOfBudget when it has had its money."""
        if self._most is not None and perf_counter() - self._begun > self._most:
            raise OutOfTime("the time this render was given is over; the same command goes on from here")
        if self._most_cost is not None and self.cost > self._most_cost:
            raise OutOfBudget(
                f"this render has cost {self.cost:.2f}, more than the {self._most_cost:.2f} it was given; "
                "what is finished is kept, and the same command goes on from here"
            )

    def start(self) -> None:
        """The next lap begins now."""
        self._lap = perf_counter()

    def lap(self, stage: str) -> None:
        """Adds the time since the last lap to a stage."""
        now = perf_counter()
        self._spent[stage] = self._spent.get(stage, 0.0) + now - self._lap
        self._lap = now

    def spent(self, **seconds: float) -> None:
        """Adds time that others measured."""
        self._spent |= seconds

    def seconds(self) -> Seconds:
        return Seconds(**self._spent, total=perf_counter() - self._begun)

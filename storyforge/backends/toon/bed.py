"""How each kind lies asleep: animals on their bellies, head on their paws; birds roosting; people on their backs."""

from dataclasses import dataclass

from storyforge.backends.toon.anatomy import PERSON


@dataclass(frozen=True)
class Bed:
    """One way to lie; lengths in body heights, angles in radians."""

    lean: float  # of the spine, forward
    hip: float  # how far forward the hips lie
    head: float  # how much of the spine's lean tilts the head
    feet: tuple[float, float, float]  # ankles: forward of the hips in legs, and up; how far toes point down
    hands: tuple[float, float, float]  # forward, up, outwards from the shoulder in arms, along the spine
    rise: float  # of the hips, in half widths of the body
    middle: float  # where it is seen, forward of the point it stands on
    high: float  # and how high its head lies
    ahead: float  # how far forward, in torsos


BACK = Bed(-1.42, 0.16, 0.95, (0.86, 0.06, -0.6), (0.5, -0.45, -0.1), 0.85, -0.18, 0.2, -0.93)
BELLY = Bed(1.36, -0.16, 0.16, (0.42, 0.036, 0.0), (0.52, 0.86, 0.16), 0.8, 0.1, 0.23, 0.97)
ROOST = Bed(0.22, -0.02, 0.6, (0.2, 0.036, 0.0), (0.14, -0.9, 0.12), 0.55, 0.0, 0.69, 0.25)


def bed(kind: str) -> Bed:
    """How this kind sleeps."""
    if kind in PERSON or kind == "robot":
        return BACK
    return ROOST if kind in ("owl", "bird") else BELLY

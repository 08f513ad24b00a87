"""The shapes of a renderer profile that every backend shares."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Size = tuple[Annotated[int, Field(ge=16)], Annotated[int, Field(ge=16)]]


class Data(BaseModel):
    """A frozen piece of a profile; an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Defaults(Data):
    """What a request without its own gets; null leaves it to the backend."""

    steps: Annotated[int, Field(ge=1)] | None = None
    guidance: Annotated[float, Field(ge=0)] | None = None
    batch: Annotated[int, Field(ge=1)] | None = None
    """Windows or clips a call."""


class Described(Data):
    """What every profile says of itself."""

    name: str
    """What a storyboard's `renderer:` says; the file's own name unless given."""
    about: str = ""
    licence: str
    """Of the weights."""
    needs: str = ""
    """The machine it wants, in words."""
    cost_per_hour: Annotated[float, Field(ge=0)] = 0.0
    """What an hour of that machine costs you, in whichever currency; then renders say what they cost, and ask."""
    defaults: Defaults = Defaults()
    ignores: Mapping[str, str] = {}
    """Storyboard fields it cannot use, each with what `check` says of it."""
    folder: Path = Field(default=Path(), exclude=True, repr=False)
    """Where the file lies; paths in it start there."""

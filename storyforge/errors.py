"""Errors a user can meet, as one small tree.

StoryforgeError            exit 1   anything below, in one sentence: place, value, next step
  InputError               exit 2   what the user gave cannot be read: story, storyboard, option, profile
    StoryboardError        exit 2   several mistakes of one storyboard, all at once
  PlannerError             exit 3   the planner (model, service) did not answer with a storyboard
  RenderError              exit 4   a renderer failed or is not ready on this machine
    NotReady               exit 4   a renderer that can make nothing at all here: its model does not load
  Incomplete               exit 5   the film was assembled, but some shots are placeholders
  OutOfTime                exit 6   the time that a render was given is over; what is finished is kept
  OutOfBudget              exit 7   the money that a render was given is spent; what is finished is kept
  OutOfSpace               exit 1   the disk is full; what is finished is kept
"""

from collections.abc import Sequence


class StoryforgeError(Exception):
    """A sentence for the user; `exit_code` is what the command line ends with."""

    exit_code = 1


class InputError(StoryforgeError):
    """What the user gave cannot be read."""

    exit_code = 2


class StoryboardError(InputError):
    """Every mistake found in one storyboard, each as `file:line:column: sentence`."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


class PlannerError(StoryforgeError):
    """The planner did not answer with a storyboard; what it had finished is kept."""

    exit_code = 3


class RenderError(StoryforgeError):
    """A renderer failed, or is not ready on this machine."""

    exit_code = 4


class NotReady(RenderError):  # noqa: N818  (a state of the machine, which no other shot of that renderer can escape)
    """A renderer can make nothing on this machine: its model is not here, does not load or does not fit."""


class Incomplete(StoryforgeError):  # noqa: N818  (a state of the film, not a fault of the program)
    """The film was assembled, but some of its shots are placeholders."""

    exit_code = 5


class OutOfTime(StoryforgeError):  # noqa: N818  (what was asked for, not a fault)
    """The time that a render was given is over; what is finished is kept."""

    exit_code = 6


class OutOfBudget(StoryforgeError):  # noqa: N818  (what was asked for, not a fault)
    """The money that a render was given is spent; what is finished is kept."""

    exit_code = 7


class OutOfSpace(StoryforgeError):  # noqa: N818  (a state of the disk, which no other shot can escape)
    """The disk is full; what is finished is kept."""

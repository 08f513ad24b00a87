"""The command line: thin verbs over production, each with an example in its help (DESIGN 10)."""

import sys
from collections.abc import Sequence

__all__ = ["main"]

STOPPED = 130  # what shells expect of a program that Ctrl-C ended


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line; every error a user can meet is one sentence on standard error."""
    try:
        from storyforge.cli.app import run  # takes a moment, in which Ctrl-C may come

        run(arguments)
    except (KeyboardInterrupt, SystemExit) as end:
        if isinstance(end, SystemExit) and end.code != STOPPED:
            raise
        sys.stderr.write("stopped; what is finished is kept, and the same command goes on from here\n")
        sys.exit(STOPPED)

"""The application: its verbs by file, and the one place where errors become sentences and exit codes."""

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from storyforge import __version__
from storyforge.errors import StoryboardError, StoryforgeError

EXIT_CODES = """
Exit codes: 0 all is well; 1 something else failed; 2 the story, storyboard, option or profile cannot be used;
3 the planner did not answer; 4 a renderer failed or is not ready; 5 the film is finished, but some shots are
placeholders; 6 stopped by --max-time; 130 stopped by Ctrl-C (finished work is kept).
"""

app = typer.Typer(
    help="Write a story, get a film; edit a line of YAML, and only what changed is rendered again.",
    epilog=" ".join(EXIT_CODES.split()),
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"storyforge {__version__}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
]


@app.callback()
def options(version: Version = False) -> None:
    """Write a story, get a film; edit a line of YAML, and only what changed is rendered again."""


def run(arguments: Sequence[str] | None = None) -> None:
    """Runs a verb; what goes wrong becomes a sentence and an exit code."""
    for verbs in ("make", "look", "build", "report", "measure"):
        import_module(f"storyforge.cli.{verbs}")  # each adds its verbs to `app`, and help lists them in this order
    try:
        app(args=None if arguments is None else list(arguments), prog_name="storyforge")
    except StoryforgeError as error:
        _say(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # `storyforge prompts b.yaml | head`
        sys.stderr.close()
        sys.exit(0)
    except MemoryError:
        typer.echo("storyforge: this machine's memory is full; close programs, or render with --workers 1", err=True)
        sys.exit(1)
    except Exception as error:
        if os.environ.get("STORYFORGE_TRACEBACK"):
            raise
        typer.echo(f"storyforge: {_full(error) or _unexpected(error)}", err=True)
        sys.exit(1)


def _full(error: Exception) -> str:
    """The sentence for a disk that is full; empty for anything else."""
    from storyforge.cas import disk_error, out_of_space

    return str(disk_error(error, Path.cwd())) if isinstance(error, OSError) and out_of_space(error) else ""


def _unexpected(error: Exception) -> str:
    """The sentence for a bug; the traceback goes to a file that can be sent along."""
    said = " ".join(f"{type(error).__name__} {error}".split())
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="storyforge-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            traceback.print_exception(error, file=log)
    except OSError:
        return f"this should not happen: {said}; what is done is kept, and STORYFORGE_TRACEBACK=1 shows us more"
    return f"this should not happen: {said}; what is done is kept, and {log.name} tells us more when you report it"


def _say(error: StoryforgeError) -> None:
    lines = error.mistakes if isinstance(error, StoryboardError) else [f"storyforge: {error}"]
    for line in lines:
        typer.echo(line, err=True)

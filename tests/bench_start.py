"""Prints how long the commands take that should answer at once: seconds, best of three (0.5 is the aim)."""

import subprocess
import sys
from pathlib import Path
from time import perf_counter

BOARD = Path(__file__).parents[1] / "storyboards" / "chase.yaml"
COMMANDS = (["--help"], ["film", "--help"], ["check", str(BOARD)])


def seconds(arguments: list[str]) -> float:
    """Best of three runs of the installed command."""
    command = [str(Path(sys.executable).parent / "storyforge"), *arguments]
    taken = []
    for _ in range(3):
        start = perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        taken.append(perf_counter() - start)
    return min(taken)


def main() -> None:
    for arguments in COMMANDS:
        sys.stdout.write(f"{seconds(arguments):.2f} s  storyforge {' '.join(arguments)}\n")


if __name__ == "__main__":
    main()

"""Decode memory does not grow with the film: 81 and 810 frames of a tiny Wan, whole and in tiles (3 minutes)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "backends" / "diffusers" / "decoded_alone.py"


def peak(frames: int, size: int) -> int:
    """Peak memory, in bytes, of a process that decodes so many frames of that side and keeps none."""
    # What is freed goes back to the system at once, so that the C library's own hoard is not measured.
    own = os.environ | {"MALLOC_MMAP_THRESHOLD_": "65536"}
    command = [sys.executable, str(SCRIPT), str(frames), str(size)]
    run = subprocess.run(command, check=True, capture_output=True, text=True, env=own)
    return int(json.loads(run.stdout)["peak"])


@pytest.mark.parametrize("size", [128, 192])
def test_ten_times_the_length_is_decoded_in_the_same_memory(size: int) -> None:
    short, long = peak(81, size), peak(810, size)
    assert long <= 1.05 * short

"""Very long tests may use what the others make: tiny checkpoints lie beside the tests of backends."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "backends"), str(Path(__file__).parents[1] / "backends" / "diffusers")]

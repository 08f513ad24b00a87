"""What bench toon measured is written as JSON, whatever kind of number it was."""

import json

import numpy as np

from storyforge.bench.toon import Line, ToonBench


def test_figures_of_numpy_become_json() -> None:
    lines = (
        Line("motion", "cadence off by", np.float64(0.2), 0.15, least=False),
        Line("obedience", "kind", np.float32(0.99), 0.95),
    )
    bench = ToonBench(lines, {"kind": ("a fox -> dog",)}, 500, 50, 100)
    values = json.loads(json.dumps(bench.values))
    assert values["passed"] is False
    assert values["motion"]["cadence off by"] == {"value": 0.2, "limit": 0.15, "passed": False}
    assert values["obedience"]["kind"]["passed"] is True

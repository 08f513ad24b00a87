"""`bench edits` in a small form: what ran is what had to, and its figures are JSON."""

import json
from collections import Counter
from pathlib import Path

import pytest

from storyforge.bench import edits
from storyforge.bench.edits import Edit, bench_edits


@pytest.mark.slow
def test_figures_become_json(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    title = [one for one in edits.edits(edits.board_of(36)) if one.name == "another title card"]
    monkeypatch.setattr(edits, "edits", lambda board: title)
    monkeypatch.setattr(edits, "SIZE", "64x36")
    monkeypatch.setattr(edits, "SECONDS", 0.25)
    result = bench_edits(workers=1, shots=36)
    facts = json.loads(json.dumps(result.values))
    assert [(row["name"], row["ran"], row["ratio"]) for row in facts["rows"]] == [
        ("another title card", {"film": 1}, 1.0)
    ]
    assert isinstance(title[0], Edit)
    assert title[0].needs == Counter(film=1)

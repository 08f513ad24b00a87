"""Pages that are made from what they tell of are up to date."""

import importlib.util
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def test_the_table_of_renderers_is_that_of_the_profiles() -> None:
    spec = importlib.util.spec_from_file_location("renderers_table", DOCS / "renderers_table.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    text = (DOCS / "renderers.md").read_text(encoding="utf-8")
    assert made.page(text) == text, "run `python docs/renderers_table.py`"
    assert text.count("\n| `") == 48

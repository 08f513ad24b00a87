"""The JSON Schema is current, and says what the models say."""

import json

from storyforge.resources import root
from storyforge.storyboard import json_schema, schema_text, write_schema


def test_the_committed_schema_is_current() -> None:
    committed = root("storyboards") / "storyboard.schema.json"
    assert committed.read_text(encoding="utf-8") == schema_text(), (
        "run: python -c 'from storyforge.storyboard import write_schema; write_schema(\"storyboards\")'"
    )


def test_it_is_a_closed_2020_12_schema_with_texts_for_editors() -> None:
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["required"] == ["scenes"]
    for name, definition in schema["$defs"].items():
        shape = definition.get("anyOf", [definition])[-1]
        assert shape["additionalProperties"] is False, name
        assert all(field.get("description") for field in shape["properties"].values()), name
    assert schema["$defs"]["Camera"]["anyOf"][0]["type"] == "string"  # camera: stairs
    shot = schema["$defs"]["Shot"]["properties"]
    numbers = [branch for branch in shot["seconds"]["anyOf"] if branch.get("type") == "number"]
    assert numbers == [{"exclusiveMinimum": 0, "maximum": 86400.0, "type": "number"}]
    assert {"const": "auto", "type": "string"} in shot["seconds"]["anyOf"]


def test_every_reference_is_there() -> None:
    schema = json_schema()
    text = json.dumps(schema)
    assert all(f"#/$defs/{name}" in text for name in schema["$defs"])
    assert text.count('"$ref"') == sum(text.count(f'"#/$defs/{name}"') for name in schema["$defs"])


def test_it_is_written_beside_storyboards(tmp_path: object) -> None:
    path = write_schema(str(tmp_path))
    before = path.stat().st_mtime_ns
    assert path.read_text(encoding="utf-8") == schema_text()
    assert write_schema(str(tmp_path)).stat().st_mtime_ns == before  # nothing to do

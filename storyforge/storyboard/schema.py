"""The JSON Schema of storyboards, for editors: completion, hover texts and squiggles as one types."""

import json
from pathlib import Path as File
from typing import Any

from storyforge.storyboard import model
from storyforge.storyboard.model import Model, Storyboard

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE = "storyboard.schema.json"


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12), written from the models; short forms are allowed where the models read them."""
    schema = Storyboard.model_json_schema(mode="validation")
    for name, definition in schema["$defs"].items():
        kind = getattr(model, name)
        if isinstance(kind, type) and issubclass(kind, Model) and kind.short:
            short = f"Short for {{{kind.short}: ...}}"
            schema["$defs"][name] = {"anyOf": [{"type": "string", "description": short}, definition]}
    head = {"$schema": DIALECT, "title": "storyboard", "description": "A film, written down for storyforge."}
    return head | {key: value for key, value in schema.items() if key not in head}


def schema_text() -> str:
    """The schema as the file beside the examples has it."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def write_schema(folder: File | str) -> File:
    """Write the schema into a folder of storyboards, where their first line points editors at it; its path."""
    path = File(folder) / FILE
    text = schema_text()
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        temporary = path.with_name(f".{FILE}.part")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    return path

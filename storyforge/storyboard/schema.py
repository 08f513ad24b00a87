"""The JSON Schema of storyboards, for editors: completion, hover texts and squiggles as one types."""

import ast
import inspect
import json
from itertools import pairwise
from pathlib import Path as File
from typing import Any

from storyforge.storyboard import model
from storyforge.storyboard.model import Model, Storyboard

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE = "storyboard.schema.json"


def docstrings() -> dict[str, str]:
    """The sentence under each field of the models: field by `Model.field`.

    pydantic's `use_attribute_docstrings` does the same, class by class as it is imported, for 50 ms of every start.
    """
    out: dict[str, str] = {}
    classes = (node for node in ast.parse(inspect.getsource(model)).body if isinstance(node, ast.ClassDef))
    for node in classes:
        for field, said in pairwise(node.body):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(said, ast.Expr):
                out[f"{node.name}.{field.target.id}"] = ast.literal_eval(said.value)
    return out


def described(kind: type[Model], shape: dict[str, Any], texts: dict[str, str]) -> None:
    """Put its sentence at each property of a model's schema; what it inherits has its ancestor's."""
    for name, property_ in shape["properties"].items():
        found = (f"{ancestor.__name__}.{name}" for ancestor in kind.__mro__)
        property_["description"] = next(texts[key] for key in found if key in texts)


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12), written from the models; short forms are allowed where the models read them."""
    schema = Storyboard.model_json_schema(mode="validation")
    texts = docstrings()
    described(Storyboard, schema, texts)
    for name, definition in schema["$defs"].items():
        kind: type[Model] = getattr(model, name)
        described(kind, definition, texts)
        if kind.short:
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

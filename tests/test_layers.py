"""The house rules that a machine can check: layers, surfaces, lengths, no marks of unfinished work (DESIGN 3, 11)."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import quantiles

PACKAGE = Path(__file__).parents[1] / "storyforge"
FILES = sorted(PACKAGE.rglob("*.py"))

# Imports go from a higher number to a lower one. cli stands above its layer's other members because it starts them;
# the four single modules of layer 0 are everybody's words.
LAYERS = {
    "errors": -3, "clock": -2, "conform": -1, "resources": -1, "cas": 0,
    "storyboard": 1, "engine": 1,
    "backends": 2, "planner": 2, "memory": 2, "film": 2, "metrics": 2,
    "production": 3,
    "doctor": 4, "bench": 4, "studio": 4,
    "__init__": 4, "cli": 5, "__main__": 6,
}  # fmt: skip

LONGEST_FILE, LONGEST_FUNCTION, USUAL_FUNCTION = 400, 60, 40
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError|placeholder implementation|stub)\b")


@dataclass(frozen=True)
class Import:
    """One imported name as written: `from module import name`, or `import module`."""

    line: int
    module: str
    name: str | None


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[Import]:
    """Every import of storyforge in a file, those inside functions too; relative ones made absolute."""
    package = ["storyforge", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found = [Import(node.lineno, alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found = [Import(node.lineno, module, alias.name) for alias in node.names]
        else:
            continue
        yield from (item for item in found if item.module.split(".")[0] == "storyforge")


def member(path: Path) -> str:
    """The member of a layer that a file belongs to: `film`, `cli`."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def target(item: Import) -> str:
    """The member of a layer that an import reaches."""
    below = item.module.split(".")[1:]
    if below:
        return below[0]
    return item.name if item.name in LAYERS else "__init__"


def surface(package: Path) -> set[str]:
    """The names that a package's `__init__` lists in `__all__`."""
    for node in tree_of(package / "__init__.py").body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            return set(ast.literal_eval(node.value))
    return set()


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(PACKAGE.parent)}:{line}"


def functions(path: Path) -> Iterator[tuple[int, str, int]]:
    """Line, name and length of every function of a file."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_every_member_has_a_layer() -> None:
    members = {member(path) for path in FILES}
    assert members <= set(LAYERS)


def test_imports_only_go_down() -> None:
    wrong = [
        f"{place(path, item.line)} {own} (layer {LAYERS[own]}) imports {target(item)} (layer {LAYERS[target(item)]})"
        for path in FILES
        for own in [member(path)]
        for item in imports(path)
        if target(item) != own and LAYERS[target(item)] >= LAYERS[own]
    ]
    assert not wrong, "\n".join(wrong)


def reach(path: Path, item: Import) -> str:
    """What an import takes from inside another member's package; empty where it stays at the surface."""
    below = item.module.split(".")[1:]
    if not below or below[0] == member(path):
        return ""
    folder = PACKAGE.joinpath(*below)
    if len(below) > 1 and not folder.is_dir():
        return f"{place(path, item.line)} imports {item.module}, a module inside {below[0]}"
    if item.name and (folder / f"{item.name}.py").exists() and item.name not in surface(folder):
        return f"{place(path, item.line)} imports {item.name} from inside {item.module}"
    return ""


def test_nothing_reaches_inside_a_package() -> None:
    wrong = [found for path in FILES for item in imports(path) if (found := reach(path, item))]
    assert not wrong, "\n".join(wrong)


def test_backends_do_not_know_each_other() -> None:
    kinds = {path.name for path in (PACKAGE / "backends").iterdir() if (path / "__init__.py").exists()}
    wrong = [
        f"{place(path, item.line)} imports {item.module}"
        for kind in kinds
        for path in (PACKAGE / "backends" / kind).rglob("*.py")
        for item in imports(path)
        for other in kinds - {kind}
        if f"{item.module}.".startswith(f"storyforge.backends.{other}.")
    ]
    assert not wrong, "\n".join(wrong)


def test_surfaces_name_what_exists() -> None:
    for init in PACKAGE.rglob("__init__.py"):
        tree = tree_of(init)
        defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        defined |= {alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
                    for alias in node.names}  # fmt: skip
        defined |= {t.id for node in tree.body if isinstance(node, ast.Assign) for t in node.targets
                    if isinstance(t, ast.Name)}  # fmt: skip
        lazy = any(name == "__getattr__" for name in defined)
        missing = surface(init.parent) - defined
        assert lazy or not missing, f"{place(init, 1)} lists {sorted(missing)}"


def test_files_are_short() -> None:
    long = {place(path, n): n for path in FILES if (n := path.read_text().count("\n")) > LONGEST_FILE}
    assert not long


def test_functions_are_short() -> None:
    lengths = [(size, f"{place(path, line)} {name}") for path in FILES for line, name, size in functions(path)]
    assert not [item for item in lengths if item[0] > LONGEST_FUNCTION]
    assert quantiles([size for size, _ in lengths], n=10)[-1] < USUAL_FUNCTION


def test_modules_say_what_they_are() -> None:
    bare = [place(path, 1) for path in FILES if tree_of(path).body and not ast.get_docstring(tree_of(path))]
    assert not bare
    assert not [place(path, 1) for path in FILES if path.name in {"utils.py", "helpers.py", "misc.py", "common.py"}]


def test_no_marks_of_unfinished_work() -> None:
    marks = [
        f"{place(path, number)} {line.strip()}"
        for path in FILES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    silent = [
        f"{place(path, node.lineno)} swallows an error"
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler) and len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
    ]
    assert not marks + silent, "\n".join(marks + silent)

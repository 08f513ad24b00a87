"""Updates: a story that was edited is planned again, and the plan is merged into the storyboard that is there."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyforge.errors import InputError, StoryboardError
from storyforge.production.origin import Origin, origin, remember, set_aside
from storyforge.production.outputs import read_text, replacing
from storyforge.production.project import Project, plan
from storyforge.storyboard import Change, Document, Storyboard, dump, loads

if TYPE_CHECKING:
    from storyforge.storyboard import Kept


@dataclass(frozen=True)
class Update:
    """What a new plan would make of a storyboard; nothing is written before `apply`.

    before, after: the storyboard as it is and as it would be. changes: between them. kept: what the plan would have
    otherwise. based: whether the plan before is known; without it all that differs counts as edited. origin: what is
    remembered for the next update.
    """

    before: Document
    after: Document
    changes: tuple[Change, ...]
    kept: "tuple[Kept, ...]"
    based: bool
    origin: Origin

    def apply(self) -> Path | None:
        """Changes the storyboard; the one before is kept at the path returned, None where nothing changes.

        Raises InputError when somebody has changed it meanwhile.
        """
        path, old = self.before.path, None
        if path.read_bytes() != self.before.text.encode():
            raise InputError(f"{path} was changed while you looked at the update, so it stays; start the update again")
        if self.after.text != self.before.text:
            old = set_aside(path, self.after.text)
            with replacing(path) as temp:
                temp.write_bytes(self.after.text.encode())
        remember(path, self.origin)
        return old


def update(
    project: Project,
    story: str,
    *,
    planner: str = "auto",
    wishes: Mapping[str, Any] | None = None,
    tell: Callable[[str], None] = lambda sentence: None,
) -> Update:
    """Plans a story again and merges the plan into a project's storyboard, three ways: it, the new plan, the last one.

    wishes: as for `plan`; those not given are what they were for the plan before. Raises InputError when there is no
    storyboard, or the merged one would not be valid.
    """
    from storyforge.planner import choose
    from storyforge.storyboard import merge

    if not project.path.is_file():
        raise InputError(f"{project.path} is not there; without --update the story's storyboard is written")
    document, before = project.document(), origin(project.path)
    base = _base(before, project.path)
    wished = {**(before.wishes if before else {}), **(wishes or {})}
    reader = choose(planner).name
    asked = Origin.of(story, reader, wished, "").asked
    if base is not None and before is not None and before.asked == asked:
        fresh = base  # the story that was planned last
    else:
        _say_as_before(before, reader, wished, wishes or {}, tell)
        folder = project.path.parent / ".storyforge" / "plan"
        fresh = plan(story, planner=planner, tell=tell, folder=folder, **wished)
    made = merge(document, fresh, base)
    untouched = before is not None and before.wrote(read_text(project.path))
    text = made.document.text.replace("\r\n", "\n") if untouched else dump(made.plan)  # as it is read to compare
    remembered = Origin.of(story, reader, wished, text)
    return Update(document, made.document, made.changes, made.kept, base is not None, remembered)


def _base(before: Origin | None, path: Path) -> Storyboard | None:
    """The plan from which people edited; None for a program's board, and where it cannot be read."""
    if before is None or not before.asked:
        return None
    try:
        return loads(before.text, path).board
    except StoryboardError:
        return None


def _say_as_before(
    before: Origin | None,
    reader: str,
    wished: Mapping[str, Any],
    given: Mapping[str, Any],
    tell: Callable[[str], None],
) -> None:
    """Says what is taken over from the plan before, and that another planner made it."""
    shown = {name: f"{value:g}" if isinstance(value, float) else str(value) for name, value in wished.items()}
    same = [f"--{name} {shlex.quote(value)}" for name, value in shown.items() if name not in given]
    if same:
        tell(f"It is planned as before with {' '.join(same)}.")
    if before is not None and before.planner not in ("", reader):
        tell(f"The plan before was made by {before.planner}: with --planner {before.planner} less would change.")

"""A project: one folder with a storyboard, its film, and everything that was made for it (DESIGN 10)."""

from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from storyforge.backends import TimedPrompt
from storyforge.cas import Store, disk_error, out_of_space
from storyforge.errors import InputError
from storyforge.production.assembly import Captions
from storyforge.production.cast import entity_named
from storyforge.production.events import Tell, ignore
from storyforge.production.housekeeping import Litter, litter
from storyforge.production.order import Order, Until, check_ids, check_names
from storyforge.production.origin import Origin, origin, remember, set_aside
from storyforge.production.outputs import ignore_file, read_text, write_text
from storyforge.production.renderers import Renderers
from storyforge.production.report import Report, report
from storyforge.production.retakes import Retakes, TakeInfo, recast, retake, sheet_takes, takes_of
from storyforge.production.run import Film, Production
from storyforge.production.sizes import film_of
from storyforge.production.status import Status, status
from storyforge.production.survey import Step, Survey
from storyforge.production.told import Told, sheets_told, told
from storyforge.storyboard import Document, Resolved, Storyboard, answered, conforms, dump, load, write_schema

BOARD = "storyboard.yaml"


class Project:
    """The folder of one film; the storyboard may lie elsewhere, its pictures are found beside it.

    folder: where results go. board: the storyboard's file, `storyboard.yaml` in the folder when it is not given.
    """

    def __init__(self, folder: str | Path, board: str | Path | None = None, renderers: Renderers | None = None) -> None:
        self.folder = Path(folder)
        self.path = Path(board) if board is not None else self.folder / BOARD
        self.renderers = renderers or Renderers(self.path.parent)

    @classmethod
    def of(cls, board: str | Path, folder: str | Path | None = None) -> "Project":
        """The project of a storyboard's file: its own folder for storyboard.yaml, else one of its name here."""
        path = Path(board)
        if path.is_dir():
            path = path / BOARD
        if folder is None:
            folder = path.parent if path.name == BOARD else Path(path.stem)
        return cls(folder, path)

    @property
    def store(self) -> Store:
        """Where its results are kept."""
        return Store(self.folder / ".storyforge" / "store")

    def document(self) -> Document:
        """The storyboard as it is on disk now. Raises StoryboardError with all its mistakes."""
        return load(self.path)

    def resolved(self, document: Document | None = None) -> Resolved:
        """The film in frames, at its renderer's native size."""
        return film_of((document or self.document()).board, self.renderers)

    def keep(self, board: Storyboard) -> None:
        """Writes a program's storyboard into the project; one that people edited is never written over."""
        text, before = dump(board), origin(self.path)
        there = read_text(self.path) if self.path.exists() else text
        if there != text and not (before and before.wrote(there)):
            raise InputError(f"{self.path} is there and was edited; render that file, or give another folder")
        if before and before.asked:  # planned from a story, not by this program
            set_aside(self.path, text)
        self.write(text)
        remember(self.path, Origin("", text))

    def write(self, text: str) -> None:
        """Writes the storyboard's text, whole or not at all, and the schema that its first line points editors at."""
        write_text(self.path, text)
        write_schema(self.path.parent)

    def render(
        self,
        *,
        until: Until | None = None,
        only: Collection[str] = (),
        captions: Captions = "burn",
        workers: int = 2,
        silent: bool = False,
        draft: bool = False,
        tell: Tell = ignore,
    ) -> Film:
        """Makes what is missing, then the film; events go to `tell`. Shots that fail are in the result."""
        return self.produce(Order(until, tuple(only), captions, workers, silent=silent, draft=draft), tell)

    def produce(self, order: Order, tell: Tell = ignore) -> Film:
        """Renders as ordered. Raises StoryboardError for a storyboard that cannot be rendered as it is."""
        document = self.document()
        answered(document)
        resolved, text = self.resolved(document), sha256(document.text.encode()).hexdigest()
        production = Production(
            resolved, self.folder, self.path.parent, order, tell, self.renderers, text,
            document=document.board.model_dump_json(exclude_unset=True),
        )  # fmt: skip
        self._open_folder()
        try:
            return production.render()
        except OSError as error:
            if not out_of_space(error):
                raise
            raise disk_error(
                error, Path(error.filename).parent if error.filename else self.folder.absolute()
            ) from error

    def _open_folder(self) -> None:
        """Makes the project's folder, with a .gitignore for what can be made again."""
        self._check_folder()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise disk_error(error, self.folder) from error
        ignore_file(self.folder)

    def _check_folder(self) -> None:
        """Raises InputError where a file is in the folder's place."""
        if self.folder.exists() and not self.folder.is_dir():
            raise InputError(f"{self.folder} is a file; name another folder (--out)")

    def survey(self, order: Order | None = None) -> list[Step]:
        """What `render` would do, task by task; loads no model and writes nothing."""
        with self.surveyed(order) as survey:
            return survey.steps()

    def status(self, order: Order | None = None) -> Status:
        """What each shot is and why, and what a render would take; loads no model and writes nothing."""
        with self.surveyed(order) as survey:
            return status(survey)

    def conforms(self) -> list[str]:
        """How the frames and the size of each renderer with a rate of its own become the film's, in words."""
        return conforms(self.resolved(), self.path.absolute().parent)

    def report(self) -> Report:
        """What made each shot and when, what it cost, what failed, and the notes on it; loads and writes nothing."""
        with self.surveyed() as survey:
            return report(survey)

    def takes(self, name: str | None = None) -> dict[str, list[TakeInfo]]:
        """The finished versions of each shot, oldest first; or of one shot, or of an entity's sheets in each look.

        Sheets go by where their entity stands and its look, such as "cast.ember@rain".
        """
        with self.surveyed() as survey:
            entity = entity_named(survey.resolved, name) if name else None
            if entity:
                return sheet_takes(survey, entity)
            check_names(survey.resolved, [name] if name else [])
            return {one.id: takes_of(survey, one) for one in survey.resolved.shots if name in (None, one.id)}

    def where(self, name: str, document: Document | None = None) -> str:
        """Where a shot or an entity stands in the storyboard ("storm-1", "cast.ember"), by its id or just that."""
        resolved = self.resolved(document)
        found = entity_named(resolved, name)
        if found is None:
            check_names(resolved, [name])
        return found or name

    def retake(self, name: str, number: int = 1, workers: int = 2, tell: Tell = ignore) -> Retakes:
        """Makes further takes, from other noise, of a shot or of an entity's sheets; and a picture of all its takes."""
        entity = entity_named(self.resolved(), name)
        return recast(self, entity, number, tell) if entity else retake(self, name, number, workers, tell)

    def litter(self, keep: int | None = None) -> Litter:
        """What of the store nothing reaches; keep: no more of it than brings the store down to so many bytes."""
        with self.surveyed() as survey:
            return litter(survey, keep)

    def clear(self, found: Litter) -> None:
        """Removes it, but for what was reached since it was found."""
        still = {blob.key for blob in self.litter().blobs}
        for blob in found.blobs:
            if blob.key in still:
                self.store.remove(blob)
        for path in found.damaged:
            path.unlink(missing_ok=True)

    @contextmanager
    def surveyed(self, order: Order | None = None) -> Iterator[Survey]:
        """A survey of it, open for as long as the block lasts."""
        self._check_folder()
        survey = Survey(self.resolved(), self.folder, self.path.parent, order or Order(), self.renderers)
        with closing(survey):
            yield survey

    def prompts(self, only: Collection[str] = ()) -> dict[str, tuple[TimedPrompt, ...]]:
        """What each shot's model is told over its own frames of the shot, by shot id; nothing where a source is shown.

        only: ids of shots, all when empty. Raises InputError for one that the storyboard does not have.
        """
        return {name: told.prompts for name, told in self.told(only).items()}

    def told(self, only: Collection[str] = ()) -> dict[str, Told]:
        """The same with what each call of a pipeline is told, in how many tokens, and what beside words."""
        resolved = self.resolved()
        check_ids(resolved, only)
        return told(resolved, self.renderers, self.path.parent, only)

    def sheets_told(self, only: Collection[str] = ()) -> dict[tuple[str, str], Told]:
        """What the cast sheets that those shots read are painted from, by name ("cast.ember@rain") and renderer."""
        resolved = self.resolved()
        check_ids(resolved, only)
        return sheets_told(resolved, self.renderers, self.path.parent, only)


def plan(
    story: str, *, planner: str = "auto", tell: Callable[[str], None] = lambda sentence: None, **wishes: Any
) -> Storyboard:
    """A story (its text) as a storyboard. wishes: length (seconds), shots, size, style, title."""
    from storyforge.planner import plan as planned

    _check_size(wishes.get("size"))
    return planned(story, planner=planner, tell=tell, **wishes)


def _check_size(size: Any) -> None:
    """Refuses a size before a planner works for it."""
    from pydantic import ValidationError

    shot = {"id": "a", "shots": [{"id": "b"}]}
    try:
        Storyboard.model_validate({"scenes": [shot], **({"size": size} if size is not None else {})})
    except ValidationError as error:
        raise InputError(error.errors()[0]["msg"]) from error


def render(
    board: Storyboard | str | Path,
    folder: str | Path | None = None,
    *,
    until: Until | None = None,
    only: Collection[str] = (),
    captions: Captions = "burn",
    workers: int = 2,
    silent: bool = False,
    draft: bool = False,
    tell: Tell = ignore,
) -> Film:
    """Renders a storyboard (a model, or its file) into a folder; only what is missing there is made."""
    if isinstance(board, Storyboard):
        if folder is None:
            raise InputError('a storyboard without a file needs a folder: render(board, "folder")')
        project = Project(folder)
        project.keep(board)
    else:
        project = Project.of(board, folder)
    return project.render(
        until=until, only=only, captions=captions, workers=workers, silent=silent, draft=draft, tell=tell
    )

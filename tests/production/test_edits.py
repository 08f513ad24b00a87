"""Any sequence of edits ends in the film of its last storyboard, and leaves alone what it does not reach."""

import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paint import BOARD, Paint, studio
from PIL import Image

from storyforge.cas import Journal, Key, Store
from storyforge.errors import InputError, StoryboardError
from storyforge.production import Order, Project
from storyforge.storyboard import Join, Member, Shot, Storyboard, dump, loads, reaching, resolve

ORDER = Order(workers=1, silent=True)
OPERATIONS = (
    "insert",
    "delete",
    "move",
    "retime",
    "reword",
    "act",
    "recast",
    "again",
    "hold",
    "rejoin",
    "lock",
    "pick",
    "swap",
    "render",
)


@dataclass
class Desk:
    """A project whose storyboard is edited at random, and what its shots looked like when it was rendered last."""

    folder: Path
    dice: random.Random
    board: Storyboard
    rendered: Storyboard | None = None
    shots: dict[str, bytes] = field(default_factory=dict)
    swapped: bool = False
    new: int = 0

    def edit(self, operation: str) -> None:
        scenes = list(self.board.scenes)
        number = self.dice.randrange(len(scenes))
        shots = list(scenes[number].shots)
        at = self.dice.randrange(len(shots))
        done = getattr(self, f"_{operation}")(shots, at)
        if done is None:
            return
        scenes[number] = scenes[number].but(shots=tuple(done))
        edited = self.board.but(scenes=tuple(scenes))
        try:
            self.board = loads(dump(edited), self.folder / "storyboard.yaml").board
        except StoryboardError:
            return  # such as a film's first shot that would flow from nothing: nobody can render that

    def _insert(self, shots: list[Shot], at: int) -> list[Shot]:
        self.new += 1
        does = self.dice.choice(("walks", "runs", "sings"))
        return [
            *shots[:at],
            Shot(id=f"new-{self.new}", seconds=1.0, cast=(Member(who="moth", does=does),)),
            *shots[at:],
        ]

    def _delete(self, shots: list[Shot], at: int) -> list[Shot] | None:
        return [*shots[:at], *shots[at + 1 :]] if len(shots) > 1 else None

    def _move(self, shots: list[Shot], at: int) -> list[Shot]:
        shot = shots.pop(at)
        shots.insert(self.dice.randrange(len(shots) + 1), shot)
        return shots

    def _with(self, shots: list[Shot], at: int, **fields: object) -> list[Shot]:
        shots[at] = Shot.model_validate(shots[at].but(**fields))
        return shots

    def _retime(self, shots: list[Shot], at: int) -> list[Shot]:
        return self._with(shots, at, seconds=self.dice.choice((0.5, 1.0, 1.5, 2.5)))

    def _reword(self, shots: list[Shot], at: int) -> list[Shot]:
        return self._with(shots, at, narration=self.dice.choice(("It rained.", "It snowed.", "Nobody came.")))

    def _act(self, shots: list[Shot], at: int) -> list[Shot] | None:
        if not shots[at].cast:
            return None
        does = self.dice.choice(("walks", "runs", "sings", "hides"))
        return self._with(shots, at, cast=(shots[at].cast[0].but(does=does), *shots[at].cast[1:]))

    def _rejoin(self, shots: list[Shot], at: int) -> list[Shot]:
        kind = self.dice.choice(("cut", "dissolve", "fade", "flow"))
        return self._with(shots, at, join=Join(kind=kind, seconds=None if kind == "cut" else 0.25))

    def _lock(self, shots: list[Shot], at: int) -> list[Shot]:
        return self._with(shots, at, lock=not shots[at].lock)

    def _pick(self, shots: list[Shot], at: int) -> list[Shot] | None:
        made = Project(self.folder, renderers=self._studio().renderers)
        if self.rendered is None or shots[at].id not in self.shots or shots[at].pick:
            return self._with(shots, at, pick=None) if shots[at].pick else None
        there = [take.number for take in made.takes(shots[at].id)[shots[at].id] if take.there]
        return self._with(shots, at, pick=str(self.dice.choice(there))) if there else None

    def _recast(self, shots: list[Shot], at: int) -> None:
        wears = self.dice.choice(("a blue scarf", "a red hat", "a green coat"))
        self.board = self.board.but(cast=self.board.cast | {"ember": self.board.cast["ember"].but(wears=wears)})

    def _swap(self, shots: list[Shot], at: int) -> None:
        """The picture that stands for ember is another one, under the same name."""
        colour = tuple(self.dice.randrange(256) for _ in range(3))
        Image.new("RGB", (8, 8), colour).save(self.folder / "ember.png")
        self.swapped = True

    def _again(self, shots: list[Shot], at: int) -> None:
        """Another take of ember's sheets, which the film shows unless one is picked."""
        if not self.board.cast["ember"].lock:
            self._studio().retake("ember", 1)
            self.swapped = True

    def _hold(self, shots: list[Shot], at: int) -> None:
        """Ember's sheets are locked, unlocked, picked or not picked any more."""
        ember = self.board.cast["ember"]
        held = self.dice.choice(
            ({"lock": not ember.lock}, {"pick": None if ember.pick else str(self.dice.randint(1, 3))})
        )
        self.board = self.board.but(cast=self.board.cast | {"ember": ember.but(**held)})
        self.swapped = True

    def _studio(self) -> Project:
        return studio(self.folder, dump(self.board), Paint())

    def _render(self, shots: list[Shot] | None = None, at: int = 0) -> None:
        """Renders, and compares what no edit since the last time reaches."""
        try:
            self._studio().produce(ORDER)
        except InputError as error:  # a take of another length is held: whoever gets this sentence lets it go
            self._let_go(str(error).partition(":")[0])
            self._render()
            return
        now = {path.stem: path.read_bytes() for path in (self.folder / "shots").glob("*.mp4")}
        if self.rendered is not None:
            for name in self._unreached(self.rendered):
                assert now[name] == self.shots[name], f"{name} was not edited"
        self.rendered, self.shots, self.swapped = self.board, now, False

    def _let_go(self, name: str) -> None:
        assert self._held(name), f"{name} is held to nothing"
        free = {shot.id: shot.but(lock=False, pick=None) for scene in self.board.scenes for shot in scene.shots}
        scenes = [
            scene.but(shots=tuple(free[shot.id] if shot.id == name else shot for shot in scene.shots))
            for scene in self.board.scenes
        ]
        self.board = self.board.but(scenes=tuple(scenes))

    def _unreached(self, before: Storyboard) -> list[str]:
        """Shots whose span has the same shots as before, none of which an edit reaches; a locked one always."""
        was, now = (
            [[film.shots[i].id for i in span] for span in film.spans] for film in map(resolve, (before, self.board))
        )
        alike = [span for span in now if span in was]
        calm = [
            span
            for span in alike
            if not any(reaching(before, self.board, name) for name in span)
            and not any(self._held(name) or self._held(name, before) for name in span)
            and not (self.swapped and any("ember" in shown(self.board, name) for name in span))
        ]
        locked = [name for span in now for name in span if name in self.shots and self._locked(name, before)]
        return [*(name for span in calm for name in span if name in self.shots), *locked]

    def _held(self, name: str, board: Storyboard | None = None) -> bool:
        shot = one(board or self.board, name)
        return shot.lock or shot.pick is not None

    def _locked(self, name: str, before: Storyboard) -> bool:
        """Locked then and now, and picked neither time."""
        return all(one(board, name).lock and not one(board, name).pick for board in (before, self.board))

    def reference(self, folder: Path) -> dict[str, bytes]:
        """The shots of the same storyboard from a store that holds nothing but the same sheets and panels."""
        folder.mkdir()
        shutil.copy(self.folder / "ember.png", folder)
        work, source = folder / ".storyforge", self.folder / ".storyforge"
        journal, store = Journal(source / "journal.sqlite"), Store(source / "store")
        kept = Journal(work / "journal.sqlite")
        for kind in ("cast", "panel"):
            for results in journal.results(kind).values():
                for result in results:
                    kept.finish(result)
                    for key in filter(None, (result.key, result.source)):
                        blob = store.look(Key(key))
                        assert blob is not None
                        target = work / "store" / blob.path.parent.name
                        target.mkdir(parents=True, exist_ok=True)
                        for path in blob.path.parent.glob(f"{key}*"):
                            shutil.copy2(path, target)
        for one_journal in (journal, kept):
            one_journal.close()
        free = self.board.but(
            scenes=tuple(
                scene.but(shots=tuple(shot.but(pick=None, lock=False) for shot in scene.shots))
                for scene in self.board.scenes
            )
        )
        studio(folder, dump(free), Paint()).produce(ORDER)
        return {path.stem: path.read_bytes() for path in (folder / "shots").glob("*.mp4")}

    def free(self) -> list[str]:
        """Shots of spans in which nothing is held."""
        film = resolve(self.board)
        spans = [[film.shots[index].id for index in span] for span in film.spans]
        return [name for span in spans for name in span if not any(map(self._held, span))]


def one(board: Storyboard, name: str) -> Shot:
    return next((shot for scene in board.scenes for shot in scene.shots if shot.id == name), Shot(id="nobody"))


def shown(board: Storyboard, name: str) -> set[str]:
    return {member.who.partition("@")[0] for member in one(board, name).cast}


def follow(folder: Path, operations: list[str], seed: int) -> None:
    start = folder / "desk"
    start.mkdir(parents=True)
    Image.new("RGB", (8, 8), "orange").save(start / "ember.png")
    text = BOARD.replace('wears: "a blue scarf"', 'wears: "a blue scarf", references: [ember.png]')
    desk = Desk(start, random.Random(seed), loads(text, start / "storyboard.yaml").board)
    desk.edit("render")
    for operation in operations:
        desk.edit(operation)
    desk.edit("render")
    reference = desk.reference(folder / "reference")
    for name in desk.free():
        assert desk.shots[name] == reference[name], f"{name} differs from a render of the last storyboard"


@pytest.mark.slow
@settings(max_examples=5)
@given(st.lists(st.sampled_from(OPERATIONS), min_size=1, max_size=6), st.integers(0, 10**6))
def test_any_edits(tmp_path_factory: pytest.TempPathFactory, operations: list[str], seed: int) -> None:
    follow(tmp_path_factory.mktemp("edits"), operations, seed)

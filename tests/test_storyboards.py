"""The boards that ship load without a mistake, ask for nothing that cannot be drawn, and last as long as is said."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest

from storyforge import film, storyboard
from storyforge.cas import Journal
from storyforge.production import Order, Project

STORYBOARDS = Path(__file__).parents[1] / "storyboards"
BOARDS = sorted(STORYBOARDS.glob("*.yaml"))


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_a_shipped_board_asks_for_nothing_its_renderer_cannot_draw(path: Path) -> None:
    document = storyboard.load(path)
    notices = storyboard.check(document)
    assert not notices, "\n".join(f"{notice.place}: {notice.sentence}" for notice in notices)
    assert path.read_text().startswith("# yaml-language-server: $schema=storyboard.schema.json\n")


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_a_shipped_board_is_as_long_as_check_says(path: Path) -> None:
    resolved = storyboard.resolve(storyboard.load(path).board)
    clips = [film.Clip(one.id, one.frames, nothing, one.join_kind, one.join_frames) for one in resolved.shots]
    assert film.layout(clips, resolved.end_frames).frames == storyboard.lengths(resolved).frames == resolved.frames
    assert f"({resolved.frames} frames)" in str(storyboard.lengths(resolved))


def nothing(start: int, stop: int) -> Iterator[film.Picture]:
    """No picture is needed to lay clips out."""
    yield from ()


def named(name: str) -> storyboard.Storyboard:
    (path,) = [path for path in BOARDS if path.stem == name]
    return storyboard.load(path).board


def test_the_dialogue_uses_its_set_ups_by_name() -> None:
    (scene,) = named("dialogue-two-setups").scenes
    used = {shot.camera.setup for shot in scene.shots if shot.camera}
    assert used == set(scene.setups)
    assert sum(bool(shot.dialogue) for shot in scene.shots) >= 6


def test_the_chase_flows_and_changes_a_look() -> None:
    board = named("chase")
    shots = [shot for scene in board.scenes for shot in scene.shots]
    assert [shot.id for shot in shots if shot.join and shot.join.kind == "flow"]
    assert {"sable", "sable@stranger"} <= {member.who for shot in shots for member in shot.cast}


def test_the_documentary_is_five_minutes_of_stills_titles_and_narration() -> None:
    board = named("documentary")
    resolved = storyboard.resolve(board)
    assert resolved.frames == 5 * 60 * 24
    stills = [shot for shot in resolved.shots if shot.shot.source]
    assert len(stills) > 30
    assert {shot.camera.move for shot in stills} >= {"push-in", "pull-out", "pan-left", "pan-right", "tilt-up", None}
    assert {title.place for shot in resolved.shots for title in shot.titles} >= {"centre", "lower", "roll"}
    assert {shot.join_kind for shot in resolved.shots} == {"cut", "dissolve", "fade"}
    assert [shot.id for shot in resolved.shots if shot.narration and shot.narration.stop > shot.frames]  # it runs on
    for scene in board.scenes:
        assert scene.music, scene.id


def test_the_documentary_s_stills_cost_no_diffusion(tmp_path: Path) -> None:
    path = STORYBOARDS / "documentary.yaml"
    shots = storyboard.resolve(storyboard.load(path).board).shots
    drawn = {shot.id for shot in shots if not shot.shot.source}
    steps = Project.of(path, tmp_path).survey(Order())
    assert {step.name.partition("/")[0] for step in steps if step.kind == "level"} == drawn
    assert {step.name for step in steps if step.kind == "draw"} == {shot.id for shot in shots}
    seen = {member.id for shot in shots for member in shot.cast} | {shot.place for shot in shots if shot.id in drawn}
    held = {member.holds for shot in shots for member in shot.cast if member.holds}
    assert {step.name for step in steps if step.kind == "cast"} == seen | held


def test_a_film_of_stills_records_no_window(tmp_path: Path) -> None:
    """Two of the documentary's stills, rendered: the journal has no sheet, no panel of a renderer and no level."""
    stills = [shot for scene in named("documentary").scenes for shot in scene.shots if shot.source][:2]
    scene = storyboard.Scene(id="one", shots=tuple(shot.but(seconds=0.5, titles=(), join=None) for shot in stills))
    board = storyboard.Storyboard(size="160x90", fps=12, scenes=(scene,))
    (tmp_path / "pictures").mkdir()
    copy(STORYBOARDS / "pictures" / "january.webp", tmp_path / "pictures")
    (tmp_path / "short.yaml").write_text(storyboard.dump(board), encoding="utf-8")
    Project.of(tmp_path / "short.yaml", tmp_path / "short").render(workers=1)
    assert film.Reader(tmp_path / "short" / "film.mp4").count == storyboard.resolve(board).frames == 12
    journal = Journal(tmp_path / "short" / ".storyforge" / "journal.sqlite")
    done = {attempt.kind for attempt in journal.attempts()}
    journal.close()
    assert "draw" in done
    assert not done & {"cast", "level"}


def test_the_pictures_are_small_and_each_is_used() -> None:
    pictures = [path for path in (STORYBOARDS / "pictures").iterdir() if path.suffix != ".py" and path.is_file()]
    shown = {shot.source for scene in named("documentary").scenes for shot in scene.shots}
    assert {f"pictures/{path.name}" for path in pictures} <= shown
    files = [path for path in STORYBOARDS.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(path.stat().st_size for path in files) <= 1_500_000

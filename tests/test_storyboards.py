"""The boards that ship load without a mistake and ask for nothing that their renderer cannot draw."""

from pathlib import Path

import pytest

from storyforge import storyboard

BOARDS = sorted((Path(__file__).parents[1] / "storyboards").glob("*.yaml"))


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_a_shipped_board_asks_for_nothing_its_renderer_cannot_draw(path: Path) -> None:
    document = storyboard.load(path)
    notices = storyboard.check(document)
    assert not notices, "\n".join(f"{notice.place}: {notice.sentence}" for notice in notices)
    assert path.read_text().startswith("# yaml-language-server: $schema=storyboard.schema.json\n")


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

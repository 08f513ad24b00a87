"""Other kinds of story: a fable, a novel's chapter, news, a screenplay, two sentences, a list, nonsense, French."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from storyforge.planner import plan
from storyforge.storyboard import Shot, Storyboard, dump, loads, resolve

Planned = Callable[[str], Storyboard]
ShotOf = Callable[[Storyboard, str], Shot]

ALL = ["fable", "willows", "news", "screenplay", "two-sentences", "nonsense", "french", "list", "first-person"]

STORIES = Path(__file__).parent / "stories"


@pytest.mark.parametrize("name", ALL)
def test_every_story_gives_a_board_that_loads(planned: Planned, name: str) -> None:
    board = planned(name)
    assert loads(dump(board), f"{name}.yaml").board == board
    for shot in resolve(board).shots:
        assert 2.5 <= shot.frames / 24 <= 9.01
        for member in shot.cast:
            assert member.id in board.cast


@pytest.mark.parametrize("name", ALL)
def test_planning_twice_gives_the_same(planned: Planned, name: str) -> None:
    board = planned(name)
    assert len({shot.id for scene in board.scenes for shot in scene.shots}) == len(resolve(board).shots)
    assert all(len(shot.cast) <= 3 for scene in board.scenes for shot in scene.shots)


def test_fable(planned: Planned, shot_of: ShotOf) -> None:
    board = planned("fable")
    assert set(board.cast) == {"hare", "tortoise", "fox"}, "the runners are two of them"
    assert "judge" not in board.cast
    assert shot_of(board, "Do you ever get anywhere?").dialogue[0].who == "hare"
    assert shot_of(board, "sooner than you think").dialogue[0].who == "tortoise"
    assert shot_of(board, "The race is not always to the swift").dialogue[0].who == "tortoise"
    assert board.scenes[-1].time == "evening"
    sits = shot_of(board, "At sunset the Tortoise sat down")
    assert "sits down" in (sits.cast[0].does or "")


def test_novel(planned: Planned, shot_of: ShotOf) -> None:
    board = planned("willows")
    assert board.title == "The River Bank"
    assert {"mole", "rat", "rabbit"} <= set(board.cast)
    assert "mole" in board.cast["mole"].description
    assert [line.who for line in shot_of(board, "Hullo, Rat!").dialogue] == ["rat", "mole"]
    assert shot_of(board, "Look ahead, Rat!").dialogue[0].who == "mole"
    assert shot_of(board, "Stop it, you silly!").dialogue[0].who == "rat"
    runs = shot_of(board, "he ran across the meadow")
    assert runs.cast[0].who.startswith("mole")
    assert "runs across the meadow" in (runs.cast[0].does or "")
    assert {"meadow", "boat", "parlour"} <= {scene.place for scene in board.scenes}
    assert board.scenes[-1].time == "night"


def test_news(planned: Planned, shot_of: ShotOf) -> None:
    board = planned("news")
    assert board.cast["david-price"].description == "a man, a baker"
    mayor = shot_of(board, "never seen the water rise")
    assert mayor.dialogue[0].who == "mayor-helen-okafor"
    assert {s.weather for s in board.scenes} == {"rain"}
    assert shot_of(board, "It took me ten years").dialogue[0].who == "david-price"
    assert "council" not in " ".join(board.cast)


def test_screenplay(planned: Planned, shot_of: ShotOf) -> None:
    board = planned("screenplay")
    assert board.title == "The Last Ferry"
    assert [(s.place, s.time) for s in board.scenes] == [
        ("harbour", "night"), ("ferry-cabin", "night"), ("sea", "morning"),
    ]  # fmt: skip
    assert board.cast["mara"].description == "an old woman with silver hair"
    assert board.cast["mara"].wears == "a red coat"
    assert board.cast["man"].description == "an old man with a white beard"
    off = shot_of(board, "He said he would be on it.").dialogue[0]
    assert (off.who, off.on) == ("mara", False)
    assert shot_of(board, "The ferry leaves in five minutes.").dialogue[0].how == "out of breath"
    looking = shot_of(board, "She looks at the letter")
    assert looking.cast[0].who == "mara"
    assert looking.cast[0].holds == "letter"
    assert all(shot.narration is None for scene in board.scenes for shot in scene.shots)


def test_two_sentences(planned: Planned) -> None:
    board = planned("two-sentences")
    first, second = board.scenes[0].shots
    assert (board.scenes[0].place, board.cast["robot"].description) == ("desert", "a robot")
    assert first.cast[0].does == "finds a red flower in the desert"
    assert (second.cast[0].holds, second.weather) == ("flower", "snow")


def test_nonsense_and_a_list_give_a_shot(planned: Planned) -> None:
    assert planned("nonsense").scenes[0].shots[0].narration
    assert "umbrella" in planned("list").props
    for text in ("!!!", "?", "x", "42", "—", "a " * 300, "\n\nfox\n\n", '"', "“”"):
        assert resolve(plan(text, planner="offline", tell=lambda s: None)).frames > 0


def test_any_text_gives_a_board_that_loads() -> None:
    """Words of all stories in any order, marks and capitals where they do not belong."""
    words = " ".join(path.read_text("utf-8") for path in sorted(STORIES.glob("*.txt"))).split(" ")
    dice = Random(3)
    for _ in range(60):
        text = " ".join(dice.choice(words) for _ in range(dice.randint(1, 60))) + dice.choice(
            ["", '"', "...", "\n\nINT. HALL"]
        )
        length = dice.choice([None, 20.0])
        board = plan(text, planner="offline", length=length, tell=lambda s: None)
        assert loads(dump(board), "any.yaml").board == board


def test_french_says_who_reads_it_well() -> None:
    said: list[str] = []
    board = plan("Il était une fois un petit renard qui vivait dans un phare.", planner="offline", tell=said.append)
    assert board.language == "fr"
    assert any("French" in sentence and "openai:MODEL" in sentence for sentence in said)


def test_german_nouns_are_nobody() -> None:
    story = (
        "Johann war ein alter Fischer. Johann lebte allein am Meer. Jeden Morgen ging er mit seinem Hund zum Strand. "
        "Eines Tages fand Johann eine Flasche im Sand. Darin lag ein Brief von Anna. Dann weinte Anna."
    )
    board = plan(story, planner="offline", tell=lambda sentence: None)
    assert list(board.cast) == ["johann", "anna"]


def test_it_was_hard_is_nobody_and_he_is_who_the_sentence_is_about(planned: Planned, shot_of: ShotOf) -> None:
    board = planned("fable")
    assert [m.who for m in shot_of(board, "he lay down").cast] == ["hare"]
    assert "fox" not in [m.who for m in shot_of(board, "how ridiculous it was").cast]


def test_named_and_one_morning() -> None:
    story = (
        "A small dragon named Pip was afraid of fire. One snowy morning Pip met a bear named Bruno, who was sleeping "
        "under a tree. The ducks cheered and jumped into the water."
    )
    board = plan(story, planner="offline", tell=lambda sentence: None)
    assert board.cast["pip"].description == "a small dragon"
    assert {"pip", "bruno", "ducks"} == set(board.cast)
    shots = [shot for scene in board.scenes for shot in scene.shots]
    assert "names" not in str([m.does for shot in shots for m in shot.cast])
    assert shots[-1].action == "The ducks cheer and jump into the water"


def test_first_person(planned: Planned, shot_of: ShotOf) -> None:
    board = planned("first-person")
    assert board.cast["boy"].description == "a boy of ten"
    assert shot_of(board, "I found the cave").cast[0].who == "boy"
    lamp = shot_of(board, "I took the lamp from his hand")
    assert lamp.cast[0].holds == "lamp"
    assert "Tom's hand" in (lamp.cast[0].does or "")
    assert shot_of(board, "Please don't tell anyone.").dialogue[0].who == "dragon"
    assert [s.shots[0].join.kind for s in board.scenes if s.shots[0].join] == ["dissolve", "fade"]

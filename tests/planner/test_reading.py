"""Small texts, one point of grammar each."""

from time import process_time

from storyforge.planner import plan
from storyforge.storyboard import Member, Shot, Storyboard


def read(text: str) -> Storyboard:
    return plan(text, planner="offline", tell=lambda sentence: None)


def shots(board: Storyboard) -> list[Shot]:
    return [shot for scene in board.scenes for shot in scene.shots]


def members(board: Storyboard) -> list[Member]:
    return [m for shot in shots(board) for m in shot.cast]


def test_named_by_called_by_apposition_and_by_the() -> None:
    for text in (
        "A small fox called Ember sat in the forest. Ember waved.",
        "Ember, a small fox, sat in the forest. Ember waved.",
        "Ember was a small fox. Ember sat in the forest.",
        "There lived a small fox in the forest. Her name was Ember. Ember waved.",
    ):
        board = read(text)
        assert list(board.cast) in (["ember"], ["fox"]), text
        assert next(iter(board.cast.values())).description == "a small fox", text


def test_description_clothes_and_props_apart() -> None:
    board = read("Mara, an old woman with silver hair and a red coat, walked into the village. She held a lantern.")
    assert board.cast["mara"].description == "an old woman with silver hair"
    assert board.cast["mara"].wears == "a red coat"
    assert members(board)[-1].holds == "lantern"


def test_a_change_of_clothes_is_a_look() -> None:
    board = read(
        "A girl in a blue dress sat in the kitchen. She looked at the rain. "
        "She put on a yellow raincoat and ran out into the street. She took off the raincoat and danced."
    )
    assert board.cast["girl"].wears == "a blue dress"
    assert {k: v.wears for k, v in board.cast["girl"].looks.items()} == {"raincoat": "a yellow raincoat"}
    who = [m.who for m in members(board)]
    assert who[0] == "girl"
    assert "girl@raincoat" in who
    assert who[-1] == "girl"


def test_pronouns_by_gender_and_number() -> None:
    board = read(
        "An old man and a little girl walked to the beach. He sat down on the sand. She ran into the water. "
        "They waved at the ship."
    )
    changes = [m for shot in shots(board) for beat in shot.beats for m in beat.cast]
    does = {(m.who, m.does) for m in [*members(board), *changes]}
    assert any(who == "man" and (d or "").startswith("sits") for who, d in does)
    assert any(who == "girl" and (d or "").startswith("runs") for who, d in does)
    assert {m.who for m in shots(board)[-1].cast} == {"man", "girl"}


def test_she_gave_her_are_two() -> None:
    board = read("Mara met Anna at the station. She gave her the letter.")
    giving = shots(board)[-1]
    assert [m.who for m in giving.cast] == ["mara", "anna"]
    assert giving.cast[0].does == "gives Anna the letter"


def test_alternating_speakers() -> None:
    board = read(
        'Tom met Anna in the park.\n\n"Hello," said Tom.\n\n"Hello."\n\n"It is cold today, isn\'t it?"\n\n"Very."'
    )
    lines = [line.who for shot in shots(board) for line in shot.dialogue]
    assert lines == ["tom", "anna", "tom", "anna"]


def test_single_quotes_are_speech_too() -> None:
    board = read("'Who is there?' asked the owl.\n\n'It's only me,' said the mouse. 'Don't be afraid.'")
    lines = [(line.who, line.line) for shot in shots(board) for line in shot.dialogue]
    assert lines == [("owl", "Who is there?"), ("mouse", "It's only me."), ("mouse", "Don't be afraid.")]


def test_a_teapot_that_speaks_is_somebody() -> None:
    board = read('The girl sat in the kitchen. "Good morning," said the teapot.')
    assert "teapot" in board.cast


def test_what_is_not_seen_is_not_shown() -> None:
    board = read("Anna sat by the lake. She dreamed of a dragon. She was as quiet as a mouse. No wolf came.")
    assert set(board.cast) == {"anna"}


def test_places_follow_the_journey() -> None:
    board = read(
        "A rabbit lived in a cottage by the lake. One day she walked to the forest. She ran through the forest "
        "and reached a castle. In the evening she went home."
    )
    assert [s.place for s in board.scenes] == ["cottage", "forest", "castle", "cottage"]
    assert board.scenes[-1].time == "evening"


def test_looking_at_a_place_does_not_go_there() -> None:
    board = read("Anna stood on the beach. She looked at the mountains. She thought of the city.")
    assert [s.place for s in board.scenes] == ["beach"]


def test_weather_begins_and_ends() -> None:
    board = read(
        "The fox walked through the meadow. It began to rain. The fox ran under a tree and waited there. "
        "At last the rain stopped. The fox walked on."
    )
    weather = [shot.weather or board.scenes[0].weather for shot in shots(board)]
    assert weather[0] == "clear"
    assert "rain" in weather
    assert weather[-1] == "clear"


def test_years_later_is_a_fade_and_the_next_morning_a_dissolve() -> None:
    board = read(
        "A boy sat in the garden. The next morning he ran to the lake. Years later he came back to the garden."
    )
    assert [s.shots[0].join.kind if s.shots[0].join else "" for s in board.scenes] == ["", "dissolve", "fade"]


def test_walking_on_flows() -> None:
    board = read(
        "The bear walked up the mountain. The bear walked slowly along the snowy ridge, past the last of the trees. "
        "The bear ran down the other side of the ridge, through the deep and silent snow."
    )
    assert "flow" in [shot.join.kind for shot in shots(board) if shot.join]


def test_helicopter_stays_a_helicopter() -> None:
    board = read("A girl stood in the desert. She waved at a helicopter.")
    assert "helicopter" in str(shots(board)[-1].action)


def test_long_sentences_become_several_shots() -> None:
    board = read(
        "The fox walked through the forest in the morning light, and she listened to the birds in the high branches, "
        "and when she came to the lake she sat down on a stone, and the frogs sang until the moon rose over the hills."
    )
    assert len(shots(board)) >= 3
    assert all(len(shot.narration or "") <= 125 for shot in shots(board))
    told = " ".join(shot.narration or "" for shot in shots(board))
    assert told.split()[-3:] == ["over", "the", "hills."]


def test_500_sentences_are_fast() -> None:
    pattern = (
        'The fox walked into the forest. "Come," said Ember softly. '
        "She ran to the lake and the moth flew over the water. It rained."
    )
    text = "\n\n".join([pattern] * 125)
    start = process_time()
    board = read(text)
    assert process_time() - start < 3.0
    assert len(shots(board)) > 250


def test_a_name_that_opens_the_story() -> None:
    board = read("Ember the small fox walked home. She found a lantern.")
    assert {name: one.description for name, one in board.cast.items()} == {"ember": "a small fox"}
    assert list(read("Follow the fox home. Behind the fox a bear slept.").cast) == ["fox", "bear"]


def test_a_calling_tells_who_follows_it() -> None:
    for text, who, said in (
        ("The old lighthouse keeper climbed the stairs. She waved.", "keeper", "an old woman, a lighthouse keeper"),
        ("Farmer Joan Kelly walked to the gate. She waved.", "farmer-joan-kelly", "a woman, a farmer"),
        ("Tom Reeve, the mayor, waved. He laughed.", "tom-reeve", "a man, a mayor"),
        ("A nurse with red hair sat down. He waved.", "nurse", "a man with red hair, a nurse"),
        ("A child sat down. She waved.", "child", "a girl"),
        ("A baker sat down and waved.", "baker", "a baker"),
        ("Anna, an old friend of the king, sat down and waved.", "anna", "an old woman, a friend of the king"),
        ("A thief robbed an old lady. She screamed.", "thief", "a thief"),
        ("The old king sat down. He waved.", "king", "an old king"),
        ("A fox sat down. She waved.", "fox", "a fox"),
    ):
        assert read(text).cast[who].description == said, text


def test_a_child_is_the_boy_that_it_turns_out_to_be() -> None:
    board = read("A child stood at the door. He was crying. The boy pointed at the sea.")
    assert {key: one.description for key, one in board.cast.items()} == {"child": "a boy"}


def test_a_duty_is_nobody() -> None:
    assert list(read("Pip sat down beside Anna. He stood guard all night.").cast) == ["pip", "anna"]
    assert list(read("Pip sat down beside Anna. A guard stood there.").cast) == ["pip", "anna", "guard"]
    assert list(read("There stood mother with a lantern. She waved.").cast) == ["mother"]


def test_a_number_of_years_makes_nobody_several() -> None:
    board = read("A ten year old boy ran home. He was late. The boy cried.")
    assert list(board.cast) == ["boy"]
    assert board.cast["boy"].description == "a ten year old boy"


def test_another_fish_is_another() -> None:
    assert len(read("A fish swam in the pond. Two fish followed. They waved.").cast) == 2


def test_a_flock_is_one_group_under_both_words() -> None:
    board = read("Forty sheep stood on the road. A dog walked the sheep back to the field.")
    assert board.cast["sheep"].description == "forty sheep"
    assert list(board.cast) == ["sheep", "dog"]


def test_what_is_in_a_thing_is_no_second_one() -> None:
    board = read("Tom carried a loaf of bread home. He put the loaf on the table.")
    assert {key: one.description for key, one in board.props.items()} == {"loaf": "a loaf of bread"}
    assert set(read("Tom turned the key of the chest.").props) == {"key", "chest"}


def test_the_sky_is_no_thing() -> None:
    for then, seen in (("It was raining.", ()), ("It lay on the snow.", ("lamp",))):
        board = read(f"Mara put the lamp on the bench and walked away. {then}")
        assert shots(board)[-1].props == seen

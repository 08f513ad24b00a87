"""Who does what is read from the action's own words."""

import pytest

from storyforge.production.cues import calls, cues

NAMES = {"ember": calls("ember", "a small orange fox"), "moth": calls("moth", "a grey moth with a torn wing")}


@pytest.mark.parametrize(
    ("action", "found"),
    [
        ("Ember climbs the stairs with the lantern", {"ember": "climbs the stairs with the lantern"}),
        ("Ember climbs the stairs and Moth waits", {"ember": "climbs the stairs", "moth": "waits"}),
        ("Ember and Moth run", {"ember": "run", "moth": "run"}),
        ("Ember runs and jumps while Moth sleeps.", {"ember": "runs and jumps", "moth": "sleeps"}),
        ("The fox sits, and the moth flies around her.", {"ember": "sits", "moth": "flies around her"}),
        ("Ember gives Moth the lantern", {"ember": "gives Moth the lantern"}),
        ("runs through the rain", {"ember": "runs through the rain", "moth": "runs through the rain"}),
        ("They dance", {"ember": "dance", "moth": "dance"}),
        ("The wind shakes Ember", {}),
        ("Ember's tail glows", {}),
        ("Ember", {}),
        ("", {}),
        (None, {}),
    ],
)
def test_cues(action: str | None, found: dict[str, str]) -> None:
    assert cues(action, NAMES) == found


def test_what_an_entity_is_called() -> None:
    assert calls("old-bear", "an old brown bear in a red coat") == ("old bear", "the bear", "a bear", "an bear")


def test_the_longest_name_wins() -> None:
    names = {"fox": ("fox", "the fox"), "fox-mother": ("fox mother",)}
    assert cues("Fox mother sings", names) == {"fox-mother": "sings"}

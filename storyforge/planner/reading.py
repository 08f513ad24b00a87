"""Reads a story from its first sentence to its last."""

from storyforge.planner.cast import Cast
from storyforge.planner.clauses import clauses
from storyforge.planner.happenings import follow
from storyforge.planner.introductions import introduce
from storyforge.planner.moments import Moment, Reading
from storyforge.planner.phrases import phrases
from storyforge.planner.places import Atlas
from storyforge.planner.pronouns import Pronouns
from storyforge.planner.props import Props
from storyforge.planner.sentences import Sentence
from storyforge.planner.speakers import attribute
from storyforge.planner.wardrobe import Wardrobe


def read(sentences: list[Sentence]) -> Reading:
    """Two passes: find who is in the story, then follow them sentence by sentence."""
    cast = Cast()
    moments = []
    for index, sentence in enumerate(sentences):
        found = phrases(sentence.words)
        moments.append(Moment(index, sentence, found, clauses(sentence.words, found)))
    for moment in moments:
        cast.survey(moment.phrases, moment.clauses)
    wardrobe = Wardrobe()
    introduce(moments, cast, wardrobe)
    reading = Reading(moments, cast, Atlas(), Props(), wardrobe)
    memory = Pronouns(cast)
    for moment in moments:
        follow(moment, reading, memory)
    attribute(reading)
    return reading

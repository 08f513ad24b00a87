"""The planner: story -> storyboard, by rules or with a language model."""

from storyforge.planner.choice import Complete, Message, choose
from storyforge.planner.planning import plan
from storyforge.planner.scripted import Scripted
from storyforge.planner.story import language_of, read_story

__all__ = ["Complete", "Message", "Scripted", "choose", "language_of", "plan", "read_story"]

"""What every character, place and prop looks like, and who has to know it."""

from storyforge.memory.pictures import picture, pictures
from storyforge.memory.sheets import Casting, castings, character_text, props_seen, reads, sheets_of

__all__ = ["Casting", "castings", "character_text", "picture", "pictures", "props_seen", "reads", "sheets_of"]

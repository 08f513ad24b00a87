"""Comments that an edit would take away: what somebody wrote beside a value is part of that value."""

from storyforge.storyboard.edit import extent, line_end, node_at, pairs
from storyforge.storyboard.listing import Listing, comments
from storyforge.storyboard.nodes import Path
from storyforge.storyboard.syntax import composed
from storyforge.storyboard.yaml import Document


class Remarks:
    """Where a storyboard has comments; paths are those of its board, as in ("scenes", 0, "shots", 2)."""

    def __init__(self, document: Document) -> None:
        self._text, self._document = document.text, document
        self._root = composed(document.text)
        self._comments = comments(document.text, self._root) if self._root is not None else []

    def __bool__(self) -> bool:
        return bool(self._comments)

    def on_key(self, path: Path, key: str, *, gone: bool) -> bool:
        """Whether one stands within a key's value or, where the key is to go, on its lines."""
        node = node_at(self._root, path)
        found = [pair for pair in pairs(node) if pair[0].value == key] if node is not None and self else []
        if not found:
            return False
        name, value = found[0]
        start, stop = extent(self._text, value, name.end_mark.index)
        return self._within(name.start_mark.index, line_end(self._text, stop)) if gone else self._within(start, stop)

    def on_shot(self, scene: int, number: int) -> bool:
        """Whether one stands on the lines of a shot, or directly above them."""
        return bool(self) and self._within(*self._shots(scene).spans[number])

    def on_scene(self, scene: int) -> bool:
        """Whether one stands on the lines of a scene, or above them, beside those of its shots."""
        if not self:
            return False
        scenes = Listing(self._text, node_at(self._root, ("scenes",)), self._document.place(("scenes",)))
        (start, stop), (first, last) = scenes.spans[scene], self._shots(scene).span
        return self._within(start, first) or self._within(last, stop)

    def _shots(self, scene: int) -> Listing:
        path = ("scenes", scene, "shots")
        node = node_at(self._root, path)
        return Listing(self._text, node, self._document.place(path))

    def _within(self, start: int, stop: int) -> bool:
        return any(start <= at < stop for at in self._comments)

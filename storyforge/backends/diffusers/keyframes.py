"""Keyframes from an image pipeline: panels, coarse rows and cast sheets, each shown who is to be seen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import numpy as np

from storyforge.backends.base import CastRequest, Frame, LevelRequest, Part, Prompt, Sheet
from storyforge.backends.diffusers import calls, pictures, references
from storyforge.backends.diffusers.bank import Bank, remember, sharing
from storyforge.backends.diffusers.pipes import Pipes
from storyforge.backends.diffusers.words import NOTHING, portrait
from storyforge.backends.models import DiffusersProfile, Keyframes
from storyforge.conform import fitted


@dataclass(frozen=True)
class Painter:
    """A keyframe pipeline of a profile, ready to make pictures of `size`, the video model's own."""

    pipes: Pipes
    profile: DiffusersProfile
    network: Keyframes

    @property
    def pipe(self) -> Any:
        """The image pipeline."""
        return self.pipes["keyframes"]

    @property
    def most(self) -> int:
        """Pictures it can be shown at once."""
        return self.network.references.most if self.network.references else 0

    def keyframes(
        self, request: LevelRequest, wanted: Sequence[tuple[int, Part, Prompt]], size: tuple[int, int],
        known: Mapping[int, Frame],
    ) -> Iterator[tuple[int, Frame]]:  # fmt: skip
        """Each wanted row and its picture, in order.

        A row is shown the last picture of its own shot first, where one is known or was made, then the cast's sheets.
        """
        shown: dict[str, Frame] = {}
        earlier = dict(known)
        for row, picture in known.items():
            shown[request.part_at(row * max(request.stride, 1)).shot] = picture
        by = self.network.references.by if self.network.references else None
        bank = self._bank(wanted[0][1].seed) if by == "bank" and wanted else None
        for row, part, prompt in wanted:
            before = [shown[part.shot]] if part.shot in shown else []
            if bank is not None and not before and not request.stride:  # the film's look, of panels before it
                before = [earlier[at] for at in sorted(earlier) if at < row]
            refer = [*before, *references.relevant(prompt, request.sheets, self.most)][: self.most]
            reads = [] if bank is None else [self._told(bank, request, one, size) for one in refer]
            # Counted from the shot's own start, so that what stands before it changes nothing.
            where = f"{request.stride}/{row * request.stride - part.start if request.stride else 0}"
            name = f"{part.shot}/{part.take}/{where}"
            with sharing(self.pipe, bank, [name], reads):
                picture = self.picture(request, prompt, part, where, size, refer)
            shown[part.shot] = earlier[row] = picture
            yield row, picture

    def _bank(self, seed: int) -> Bank:
        """The pictures that panels look at: each goes through the pipeline once, however many calls there are."""
        return self.pipes.banks.setdefault(seed, Bank(seed, most=self.most, room=2 * self.most))

    def _told(self, bank: Bank, request: LevelRequest, picture: Frame, size: tuple[int, int]) -> str:
        """A picture in the bank, in its own shape, under the name it has there: it goes through the pipeline once."""
        name = blake2b(picture.tobytes(), digest_size=16).hexdigest()
        if name not in bank.panels:
            native = self.network.size or size
            own = fitted((picture.shape[1], picture.shape[0]), native, self.network.multiple)
            told = calls.named(self.pipe, self.profile, self.network, _plain(request), NOTHING, own, {}, {}, {})
            told = {key: value for key, value in told.items() if key not in ("height", "width")}
            remember(self.pipe, bank, name, pictures.resized(picture, own), bank.seed, **told)
        return name

    def cast(self, requests: Sequence[CastRequest], size: tuple[int, int]) -> list[Sheet]:
        """Sheets: the user's pictures where there are some, else one that is made from the entity's words."""
        return [Sheet(one.key, one.kind, {}, one.references or (self._portrait(one, size),)) for one in requests]

    def _portrait(self, one: CastRequest, size: tuple[int, int]) -> Frame:
        part = Part(one.key, 0, 1, one.seed)
        request = LevelRequest(one.key, 1, 0, (part,), ())
        return self.picture(request, portrait(one), part, "sheet", size, [])

    def picture(
        self, request: LevelRequest, prompt: Prompt, part: Part, what: str, size: tuple[int, int],
        shown: Sequence[Frame],
    ) -> Frame:  # fmt: skip
        """One picture [height, width, 3] of `size`, made at the area that the image model was trained for."""
        request = _plain(request)
        own = fitted(size, self.network.size, self.network.multiple) if self.network.size else size
        generator = calls.seeded(part, what)
        told = {"generator": generator, "output_type": "np"}
        refer = self.network.references
        asked = references.arguments(refer, list(shown), own) if refer else {}
        arguments = calls.named(self.pipe, self.profile, self.network, request, prompt, own, told, asked, {})

        def call(pipe: Any) -> Any:
            with references.weighed(pipe, self.network, bool(shown)):
                return calls.made(self.profile.name, self.network, generator, lambda: pipe(**arguments))

        made = self.pipes.run("keyframes", call)
        return pictures.resized(pictures.uint8(np.asarray(made.shown[0][0])), size)


def _plain(request: LevelRequest) -> LevelRequest:
    """Steps and guidance of a shot are the video model's; a draft keeps its keyframes, as it keeps its panels."""
    return replace(request, steps=None, guidance=None, draft=False)

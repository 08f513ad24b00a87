"""Storyboards as files: DESIGN's own example with its pictures, and a small one to make mistakes in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from storyforge.storyboard import Document, load

EXAMPLE = """\
# yaml-language-server: $schema=storyboard.schema.json
storyforge: 1                     # version of this format
title: "The Fox and the Lantern"
language: en                      # of narration, lines and titles
renderer: toon                    # what draws it
style: "flat-colour storybook"    # in words
avoid: "text, watermark"          # what should not be seen
size: 16:9                        # or 9:16, 2.39:1, 1280x720
fps: 24
seed: 7
cast:
  ember:
    description: "a small orange fox"             # who she is, in every look
    wears: "a blue scarf"                         # what a look may change
    references: [refs/ember.png]
    voice: en-gb
    looks:
      rain: {wears: "a yellow raincoat", references: [refs/ember-rain.png]}   # short: rain: "..."
      snow: "a white coat"
  moth: {description: "a grey moth with a torn wing"}
props:
  lantern: {description: "a brass lantern with green glass"}
places:
  lighthouse: {description: "a white lighthouse on a cliff above the sea"}
scenes:
  - id: storm
    place: lighthouse
    time: night
    weather: storm
    setups:                                       # a camera placed once, used by name
      stairs: {shot: wide, angle: low}
    shots:
      - id: storm-1
        seconds: 4.5                              # or auto: as long as its words need
        cast:                                     # short: [ember@rain]
          - {who: ember@rain, at: left, faces: lantern, feels: afraid, does: climbs, holds: lantern}
        action: "Ember climbs the stairs with the lantern"   # where no beat speaks
        camera: stairs                            # or {shot: close, on: ember, over: moth, move: push-in}
        beats:                                    # a beat is a piece of shot
          - {at: 2.5, action: "Ember runs", camera: {move: tracking}}
        narration: "That night the storm came back."
        dialogue:                                 # one after another unless `at` says
          - {who: ember, line: "Not again.", how: quietly}
          - {who: moth, line: "It always does.", on: false}        # off screen: no mouth moves
        titles: [{text: "The Storm", place: centre, seconds: 2}]   # centre | lower | top | roll
        join: {kind: fade, seconds: 0.5}          # or join: cut
        keyframes: [{at: 0, picture: refs/stairs.png}, {at: end, picture: refs/top.png}]
        prompt: null                              # replaces the composed prompt
        options: {wan-vace-1.3b: {guidance: 5}}   # per profile, checked against its parameters
        lock: false                               # true: never re-planned, never re-rendered
        pick: null                                # a take's id; null means the newest
      - id: storm-2
        source: photos/sea.jpg                    # a picture, a film or a colour, shown as it is
        camera: {move: push-in}
        join: cut
        note: "ask Ana for a wider scan"          # for people
end: {kind: fade, seconds: 2}
"""

PICTURES = ("refs/ember.png", "refs/ember-rain.png", "refs/stairs.png", "refs/top.png", "photos/sea.jpg")


@pytest.fixture
def example(tmp_path: Path) -> Document:
    """DESIGN 4's example, in a folder that has its pictures."""
    for picture in PICTURES:
        (tmp_path / picture).parent.mkdir(exist_ok=True)
        (tmp_path / picture).write_bytes(b"a picture")
    path = tmp_path / "storyboard.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    return load(path)


SMALL = """\
storyforge: 1
cast:
  ember: {description: "a fox", looks: {rain: "a coat"}}
  moth: "a moth"
props:
  lantern: "a lantern"
places:
  cave: "a cave"
  sea: "the sea"
scenes:
  - id: s
    place: cave
    setups: {stairs: {shot: wide}}
    shots:
      - id: a
"""


@pytest.fixture
def small() -> Callable[..., str]:
    """A small board whose first shot has the given lines, from line 16 on."""

    def text(*lines: str) -> str:
        return SMALL + "".join(f"        {line}\n" for line in lines)

    return text

"""Keys of a film's tasks: a hash of all that a result depends on; upstream results by digest (DESIGN 7)."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from storyforge.cas import Key, file_digest, key
from storyforge.memory import Casting
from storyforge.production.reels import parameters
from storyforge.production.spans import Panel, Span

Digests = Mapping[str, Key]  # sheet key -> digest of the sheet

CAST = PANEL = LEVEL = PICTURE = 1  # versions: a change to what a task does is a new number
SHOT = 4


def cast_key(fingerprint: str, casting: Casting) -> Key:
    """A cast sheet; the user's pictures enter by their contents."""
    references = [file_digest(Path(path)) for path in casting.references]
    return key(
        "cast", CAST, renderer=fingerprint, name=casting.key, entity=casting.kind, text=casting.text,
        body=casting.body, seed=casting.seed, references=references,
    )  # fmt: skip


def panel_key(fingerprint: str, panel: Panel, sheets: Digests, size: tuple[int, int] | None) -> Key:
    """One shot's panel, whatever the film's other panels are: it is a take, made with them and then kept."""
    shot, (moment, frames) = panel.shot, panel.when
    return key(
        "panel", PANEL, renderer=fingerprint, shot=shot.id, seed=shot.seed, take=panel.take, moment=moment,
        frames=frames, prompt=panel.prompt.prompt, parameters=parameters(shot), size=size,
        sheets={name: sheets[name] for name in panel.sheets},
        **({"reels": panel.reels.told} if panel.reels.told else {}),
    )  # fmt: skip


def picture_key(fingerprint: str, panel: Key, size: tuple[int, int]) -> Key:
    """A panel drawn; `panel` is the digest of what it is drawn from."""
    return key("picture", PICTURE, renderer=fingerprint, panel=panel, size=size)


def level_key(
    fingerprint: str, span: Span, stride: int, sheets: Digests, panels: Mapping[int, Key], above: Key | None,
    size: tuple[int, int] | None, held: Mapping[int, Key], draft: bool = False,
) -> Key:  # fmt: skip
    """One level of a span.

    panels: row -> digest of the panel pinned there; above: digest of the coarser level; held: number of a shot -> key
    of the take that stands there.
    """
    return key(
        "level", LEVEL, renderer=fingerprint, frames=span.covered, stride=stride, parts=span.parts,
        lengths=span.lengths, prompts=span.prompts, parameters=parameters(span.shots[0]), size=size,
        moments=[panel.moment for panel in span.panels], panels=[[row, panels[row]] for row in sorted(panels)],
        above=above, sheets={name: sheets[name] for name in span.sheets},
        **({"held": [[number, held[number]] for number in sorted(held)]} if held else {}),
        **({"draft": True} if draft else {}),
        **({"reels": reels_of(span)} if reels_of(span) else {}),
    )  # fmt: skip


def shot_key(
    fingerprint: str, latents: Key, cut: tuple[int, int, Any], size: tuple[int, int], rate: Fraction, acting: Any
) -> Key:
    """One shot drawn and encoded; `latents` is the digest of its span, `acting` what is heard in that span.

    cut: as `cut_of` has it.
    """
    start, stop, conform = cut
    return key(
        "shot", SHOT, renderer=fingerprint, latents=latents, start=start, stop=stop, size=size, rate=rate,
        acting=acting, **({"conform": conform} if conform else {}),
    )  # fmt: skip


def reels_of(span: Span) -> Any:
    """The films that a span is made from, by the number of the shot; None where there are none."""
    return [[number, panel.reels.told] for number, panel in enumerate(span.panels) if panel.reels.told] or None


def cut_of(span: Span, number: int) -> tuple[int, int, Any]:
    """The frames [start, stop) of a span that one of its shots shows, and how, where not one by one."""
    conform, frames = span.conform, span.shots[number].frames
    told = None if conform.plain else (conform.rule, conform.step, frames)
    return span.starts[number], span.needed(number), told

"""Spans cover their shots exactly, and each shot's panel lies on a keyframe where it can."""

from hypothesis import given
from hypothesis import strategies as st

from storyforge.backends import Capabilities
from storyforge.production.spans import Span, spans
from storyforge.storyboard import Join, Scene, Shot, Storyboard, resolve

TOON = Capabilities(clip_frames=17, strides=(0, 16, 1), pins="any")


def laid_out(lengths: list[int], flows: list[bool]) -> tuple[Span, ...]:
    """Spans of shots of so many frames at 24 fps, flowing or cut."""
    shots = tuple(
        Shot(id=f"s{number}", seconds=frames / 24, join=Join(kind="flow" if flow else "cut"))
        for number, (frames, flow) in enumerate(zip(lengths, flows, strict=True))
    )
    return spans(resolve(Storyboard(scenes=(Scene(id="a", shots=shots),))), {"toon": TOON})


@given(st.lists(st.tuples(st.integers(1, 300), st.booleans()), min_size=1, max_size=6))
def test_every_frame_is_covered_once(plan: list[tuple[int, bool]]) -> None:
    found = laid_out([frames for frames, _ in plan], [flow for _, flow in plan])
    assert sum(span.frames for span in found) == sum(frames for frames, _ in plan)
    for span in found:
        assert span.covered >= max(span.frames, 17)
        assert span.covered < max(span.frames, 17) + 16
        assert (span.covered - 1) % 16 == 0
        assert span.parts[0].start == 0
        assert span.parts[-1].stop == span.covered
        assert all(a.stop == b.start for a, b in zip(span.parts, span.parts[1:], strict=False))
        assert span.prompts[-1].stop == span.covered


@given(st.lists(st.integers(1, 300), min_size=1, max_size=4))
def test_panels_lie_within_their_shot_and_on_keyframes_where_there_is_one(lengths: list[int]) -> None:
    (span,) = laid_out(lengths, [False] + [True] * (len(lengths) - 1))
    rows = span.moments_at(16)
    for number, (start, shot, panel) in enumerate(zip(span.starts, span.shots, span.panels, strict=True)):
        assert 0 <= panel.moment < shot.frames
        has_keyframe = any(at % 16 == 0 for at in range(start, start + shot.frames))
        assert (number in rows) == has_keyframe
        if has_keyframe:
            assert abs(start + panel.moment - (start + shot.frames // 2)) <= 16
    assert span.moments_at(1) == {
        n: s + p.moment for n, (s, p) in enumerate(zip(span.starts, span.panels, strict=True))
    }


def test_spans_are_named_by_their_shots() -> None:
    assert [span.name for span in laid_out([24, 24, 24], [False, True, False])] == ["s0..s1", "s2"]

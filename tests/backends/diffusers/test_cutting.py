"""Windows of a stream: equal, covering, summing to 1; conditions where their time is; positions of a clip."""

from itertools import pairwise
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tiny.denoisers import DENOISERS, ltx_condition, ltx_coordinates, vace

from storyforge.backends.diffusers.cutting import Clock, Cut, Layout, begun, cuts, windows
from storyforge.backends.diffusers.families import FAMILIES
from storyforge.clock import Span
from storyforge.engine import Kind

CPU = torch.device("cpu")


def summed(every: list[Cut], layout: Layout) -> tuple[torch.Tensor, torch.Tensor]:
    """The weights of all windows at every row and at every token."""
    rows, tokens = torch.zeros(layout.rows), torch.zeros(layout.tokens)
    for cut in every:
        rows.index_add_(0, cut.rows, cut.row_weights)
        tokens.index_add_(0, cut.tokens, cut.token_weights)
    return rows, tokens


@given(
    rows=st.integers(1, 300),
    size=st.integers(3, 40),
    overlap=st.integers(1, 12),
    lead=st.integers(0, 3),
    kept=st.integers(0, 2),
    align=st.sampled_from([1, 2]),
    kind=st.sampled_from(["flat", "triangle", "hann"]),
)
def test_weights_sum_to_one_at_every_row(
    rows: int, size: int, overlap: int, lead: int, kept: int, align: int, kind: Kind
) -> None:
    size = max(size, overlap + lead + align)
    rows *= align
    every = windows(rows, size, overlap, lead, align)
    assert len({len(window.seen) for window in every}) == 1
    assert all(window.seen.start % align == 0 for window in every)
    assert every[0].seen.start == every[0].written.start == 0
    assert every[-1].seen.stop == rows
    assert all(window.written.start == window.seen.start + lead for window in every[1:])
    assert all(b.written.start <= a.written.stop - min(overlap, 1) for a, b in pairwise(every))
    layout = Layout(
        kept + rows, width=3, kept=kept, before=2, times=tuple(range(kept + rows)), extras=(0.5, rows - 0.5)
    )
    found = cuts(layout, [(window.seen, window.written) for window in every], kind, CPU)
    for total in summed(found, layout):
        torch.testing.assert_close(total, torch.ones_like(total), rtol=0, atol=2.5e-7)  # the last bit
    assert all(cut.rows[:kept].tolist() == [*range(kept)] for cut in found)


def test_a_film_no_longer_than_a_clip_is_one_window() -> None:
    assert [window.seen.stop for window in windows(21, 21, 5, 1, 1)] == [21]
    assert [window.seen.stop for window in windows(22, 21, 5, 1, 2)] == [22]  # padded by the pipeline


def test_a_condition_goes_to_the_windows_that_hold_its_time_and_keeps_its_place() -> None:
    """LTX: pictures at frames 24 (in row 3) and 40 (in row 5) of 9 rows of 8 frames, the first of one frame."""
    call = ltx_condition(9, (24, 40))
    layout = FAMILIES["LTXVideoTransformer3DModel"].place(call, {})
    assert (layout.rows, layout.width, layout.before) == (9, 4, 8)
    every = windows(9, 4, 1, 0, 1)  # rows [0, 4), [3, 7), [5, 9)
    found = cuts(layout, [(window.seen, window.written) for window in every], "triangle", CPU)
    assert [cut.tokens[:8].tolist() for cut in found] == [
        [0, 1, 2, 3, 8, 9, 10, 11],
        [*range(8)],
        [4, 5, 6, 7, *range(28, 32)],
    ]

    native = ltx_coordinates(4)
    told = [Clock().cut(call["video_coords"], cut) for cut in found]
    for coordinates in told:
        torch.testing.assert_close(coordinates[:, :, -16:], native)
    times = [(coordinates[0, 0, :-16] * 25).round().unique().tolist() for coordinates in told]
    # Row 3 is frames 17 to 24; as the first of a clip it is one frame, so its condition is at 0. Row 5 is 33 to 40, in
    # the second window the third row, 9 to 16.
    assert times == [[24], [0, 16], [0]]


def test_references_are_rows_that_every_window_keeps() -> None:
    family = FAMILIES["WanVACETransformer3DModel"]
    layout = family.place(vace(9, 2), {"in_channels": 4})
    assert (layout.rows, layout.kept) == (11, 2)
    assert family.place(vace(9), {"in_channels": 4}).kept == 0
    every = windows(9, 4, 1, 0, 1)
    found = cuts(layout, [(window.seen, window.written) for window in every], "flat", CPU)
    assert [cut.rows.tolist() for cut in found] == [[0, 1, 2, 3, 4, 5], [0, 1, 5, 6, 7, 8], [0, 1, 7, 8, 9, 10]]


def test_sound_goes_with_the_film() -> None:
    """A window hears what a clip of its length has, from where it begins, and all of the sound is heard."""
    from types import SimpleNamespace

    from storyforge.backends.diffusers.codenoising import WindowPlan, codenoise

    net = DENOISERS["ltx2"].make()
    call, native = DENOISERS["ltx2"].call(9), DENOISERS["ltx2"].call(4)
    call["audio_hidden_states"] = torch.arange(call["audio_num_frames"]).view(1, -1, 1).expand(1, -1, 4).float()
    heard: list[list[float]] = []

    def watched(**arguments: Any) -> Any:
        heard.append(arguments["audio_hidden_states"][0, :, 0].tolist())
        return arguments["hidden_states"], arguments["audio_hidden_states"]

    net.forward = watched
    with codenoise(SimpleNamespace(transformer=net), WindowPlan(4, 1)):
        _, sound = net(**call)
    assert {len(rows) for rows in heard} == {native["audio_num_frames"]}
    assert [rows[0] for rows in heard] == [0, 25, 42]  # rows 0, 3 and, moved back, 5 at 8 / 24 seconds, 25 to a second
    torch.testing.assert_close(sound, call["audio_hidden_states"])


def test_a_mask_of_neighbours_is_that_of_a_clip() -> None:
    """Kandinsky 5 Pro: who sees whom depends on the distance in time and space alone."""
    from diffusers import Kandinsky5T2VPipeline as Pipe

    rule = FAMILIES["Kandinsky5Transformer3DModel"].cut["sparse_params"]
    whole, clip = ({"sta_mask": Pipe.fast_sta_nabla(n, 2, 2, device="cpu")[None, None], "P": 0.9} for n in (9, 4))
    layout = Layout(9)
    every = windows(9, 4, 1, 0, 1)
    for cut in cuts(layout, [(window.seen, window.written) for window in every], "flat", CPU):
        told = rule.cut(whole, cut)
        assert torch.equal(told["sta_mask"], clip["sta_mask"])
        assert told["P"] == 0.9
    assert rule.cut(None, cut) is None


@pytest.mark.parametrize("kind", ["flat", "triangle", "hann"])
def test_a_lead_is_seen_and_not_written(kind: Kind) -> None:
    layout = Layout(9)
    every = windows(9, 5, 1, 1, 1)
    found = cuts(layout, [(window.seen, window.written) for window in every], kind, CPU)
    assert [float(cut.row_weights[0]) for cut in found[1:]] == [0.0] * (len(found) - 1)
    assert all((cut.row_weights[1:] > 0).all() for cut in found)


@given(count=st.integers(1, 9), step=st.integers(1, 9), more=st.integers(0, 20))
def test_windows_that_begin_at_pictures_have_a_row_each_and_share_the_rest(count: int, step: int, more: int) -> None:
    end = (count - 1) * step + step + 1
    spans = [Span(at * step, min(at * step + step + more + 1, end)) for at in range(count)]
    found = begun(Layout(count + end - 1), spans)
    assert found is not None
    layout, own = found
    every = cuts(layout, [(window.seen, window.written) for window in own], "falling", CPU)
    assert torch.allclose(summed(every, layout)[0], torch.ones(layout.rows), atol=1e-6)
    for at, (span, cut) in enumerate(zip(spans, every, strict=True)):
        assert cut.rows.tolist() == [at, *(count + row - 1 for row in range(span.start + 1, span.stop))]
        assert float(cut.row_weights[0]) == 1
    assert begun(Layout(count + end), spans) is None
    assert begun(Layout(count + end - 1, kept=1), spans) is None

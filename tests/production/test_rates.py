"""Renderers with a rate of their own: laid out in their frames, drawn at the film's, joined to a frame with others."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paint import Paint

from storyforge.backends import Acting, Capabilities, Latents, LevelRequest, Noise
from storyforge.conform import Chain, Rule, lengthened
from storyforge.film import Reader
from storyforge.film.sound import voice_for
from storyforge.production import Order, Project, Renderer, Renderers
from storyforge.production.acting import Actors
from storyforge.production.draw import DrawJob, Pace, mixed, read_conform
from storyforge.production.spans import Span, spans
from storyforge.storyboard import Join, Scene, Shot, Storyboard, loads, resolve

INLINE = Order(workers=1, silent=True)
BOARD = """\
storyforge: 1
size: 64x64
fps: 12
rate: RATE
renderer: slow
cast: {ember: {description: "a small orange fox"}}
scenes:
  - id: day
    shots:
      - {id: a, seconds: 2, cast: [ember]}
      - {id: b, seconds: 1.25, cast: [{who: ember, does: "runs"}], join: {kind: flow, seconds: 0.5}}
      - {id: c, seconds: 2, cast: [ember], renderer: plain, join: {kind: dissolve, seconds: 0.5}}
      - {id: d, seconds: 1, cast: [ember], renderer: fast}
"""


class Greys(Paint):
    """Each row is a grey of its own position, so that a frame says which row it shows."""

    def render(self, requests: list[LevelRequest]) -> list[Latents]:
        made = super().render(requests)
        return [
            Latents(one.id, one.stride, {"x": np.repeat(np.arange(len(one.arrays["x"]))[:, None] * 4 / 255, 3, 1)})
            if one.stride
            else one
            for one in made
        ]


def studio(folder: Path, board: str, renderers: Mapping[str, Paint]) -> Project:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "renderers").mkdir(exist_ok=True)
    for name in renderers:
        (folder / "renderers" / f"{name}.yaml").write_text("backend: toon\nlicence: none\n")
    (folder / "storyboard.yaml").write_text(board)
    return Project(folder, renderers=Renderers(open=lambda name, project: Renderer(name, renderers[name])))


def three() -> dict[str, Paint]:
    return {
        "slow": Greys(fps=8, fingerprint="slow-1"),
        "plain": Greys(fingerprint="plain-1"),
        "fast": Greys(fps=30, strides=(0, 4, 1), fingerprint="fast-1"),
    }


def greys(folder: Path, shot: str) -> list[float]:
    reader = Reader(folder / "shots" / f"{shot}.mp4")
    return [float(reader.frame(number).mean()) for number in range(reader.count)]


@pytest.mark.parametrize("rule", ["hold", "blend", "native"])
def test_shots_of_three_rates_join_to_a_frame(tmp_path: Path, rule: Rule) -> None:
    project = studio(tmp_path, BOARD.replace("RATE", rule), three())
    made = project.produce(INLINE)
    assert not made.failed
    assert made.frames == 24 + 15 + 24 - 6 + 12
    assert made.film is not None
    assert Reader(made.film).count == made.frames
    for shot, frames, step, start in (("a", 24, Fraction(8, 12), 0), ("b", 15, Fraction(8, 12), 16),
                                      ("c", 24, Fraction(1), 0), ("d", 12, Fraction(30, 12), 0)):  # fmt: skip
        step, start = (Fraction(1), 24) if rule == "native" and shot == "b" else (step, start)
        step = Fraction(1) if rule == "native" else step
        exact = [start + number * step for number in range(frames)]
        shown = [float(at) if rule == "blend" else int(at) for at in exact]
        if rule == "blend" and shot == "b":
            shown = [min(at, 16 + 9) for at in shown]  # the last frame of all is mixed with none
        assert np.allclose(np.array(greys(tmp_path, shot)) / 4, shown, atol=0.6), shot
    assert all(step.done for step in project.survey(INLINE)), "a survey finds what the render made"
    assert {shot.state for shot in project.status().shots} == {"current"}
    assert project.status().sheets == (), "each renderer has its own sheet of ember"
    assert project.conforms() == [], "these profiles say nothing of a model"


def test_another_rule_draws_again_and_samples_nothing(tmp_path: Path) -> None:
    renderers = three()
    studio(tmp_path, BOARD.replace("RATE", "hold"), renderers).produce(INLINE)
    before = [len(one.calls) for one in renderers.values()]
    project = studio(tmp_path, BOARD.replace("RATE", "blend"), renderers)
    found = {shot.id: shot for shot in project.status().shots}
    assert {name: shot.state for name, shot in found.items()} == {
        "a": "stale", "b": "stale", "c": "current", "d": "stale",
    }  # fmt: skip
    assert found["a"].why == ("film: rate hold -> blend",)
    project.produce(INLINE)
    assert [len(one.calls) for one in renderers.values()] == before


def test_what_a_renderer_is_asked_is_in_its_own_frames(tmp_path: Path) -> None:
    renderers = three()
    studio(tmp_path, BOARD.replace("RATE", "hold"), renderers).produce(INLINE)
    (fine,) = renderers["slow"].requests(1)
    assert fine.lengths == (16, 10)
    assert [(part.start, part.stop) for part in fine.parts] == [(0, 16), (16, 33)]
    assert fine.frames == 33
    assert [(told.start, told.stop, told.ramp) for told in fine.prompts] == [(0, 16, 0), (16, 33, 4)]
    assert fine.moments == (0, 0)


def test_a_neighbour_meets_a_locked_shot_at_the_same_moments(tmp_path: Path) -> None:
    renderers = {"slow": Paint(fps=8), "plain": Paint(), "fast": Paint(fps=30)}
    board = BOARD.replace("RATE", "hold")
    studio(tmp_path, board, renderers).produce(INLINE)
    (before,) = renderers["slow"].requests(1)
    locked = board.replace("{id: a,", "{id: a, lock: true,").replace("runs", "sleeps")
    studio(tmp_path, locked, renderers).produce(INLINE)
    after = renderers["slow"].requests(1)[-1]
    assert set(range(16)) <= set(after.pins), "every frame of the locked shot"
    coarse = renderers["slow"].requests(16)[-1]
    assert set(coarse.pins) >= {0}
    assert before.lengths == after.lengths
    made = project_rows(tmp_path, renderers, locked.replace("rate: hold", "rate: native"))
    assert made.lengths == (24, 15)
    again = [made.pins[frame] for frame in range(24)]
    assert all(np.array_equal(row, after.pins[frame * 2 // 3]) for frame, row in enumerate(again)), (
        "a take that was held is met where the film shows it"
    )


@pytest.mark.parametrize("fps", [8, 12, 30])
def test_every_frame_of_a_locked_shot_is_met(tmp_path: Path, fps: float) -> None:
    slow = Paint(fps=fps)
    board = BOARD[: BOARD.index("      - {id: c")].replace("RATE", "blend")
    studio(tmp_path, board, {"slow": slow}).produce(INLINE)
    rows = slow.requests(1)[-1]
    studio(tmp_path, board.replace("id: b,", "id: b, lock: true,").replace("{id: a, seconds: 2, cast: [ember]",
           '{id: a, seconds: 1, cast: [{who: ember, does: "sits"}]'), {"slow": slow}).produce(INLINE)  # fmt: skip
    fine = slow.requests(1)[-1]
    first = int(fps)
    assert fine.lengths == (first, rows.lengths[1])
    assert set(range(first, first + rows.lengths[1])) <= set(fine.pins)


def project_rows(folder: Path, renderers: Mapping[str, Paint], board: str) -> LevelRequest:
    studio(folder, board, renderers).produce(INLINE)
    return renderers["slow"].requests(1)[-1]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("pins", "rows"), [("none", set()), ("first", {0}), ("first_last", {0, 1}), ("any", {0, 1})])
def test_panels_are_pinned_where_a_renderer_can_hold_them(tmp_path: Path, pins: str, rows: set[int]) -> None:
    slow = Paint(fps=8, pins=pins, panel_at="start")  # type: ignore[arg-type]
    board = BOARD[: BOARD.index("      - {id: c")].replace("RATE", "hold")
    studio(tmp_path, board, {"slow": slow}).produce(INLINE)
    (coarse,) = slow.requests(16)
    assert set(coarse.pins) == rows


def test_a_job_is_carried_to_another_process() -> None:
    conform = read_conform({"film": "24000/1001", "model": "16", "rule": "blend"})
    plain = DrawJob("toon", "s", "l", "k", 0, 9, (64, 64), "24", "a")  # type: ignore[arg-type]
    for job in (plain, DrawJob(**{**vars(plain), "conform": Pace(13, 9, conform)})):
        assert DrawJob.read(job.write()) == job
    assert (plain.frames, job.frames) == (9, 13)


def test_what_is_heard_of_the_picture_is_heard_when_the_film_shows_it(tmp_path: Path) -> None:
    class Doors(Paint):
        def noises(
            self, latents: Latents, start: int = 0, stop: int | None = None, acting: Acting | None = None
        ) -> tuple[Noise, ...]:
            return (Noise("door", 8),)

    board = BOARD[: BOARD.index("      - {id: b")].replace("RATE", "hold")
    project = studio(tmp_path, board, {"slow": Doors(fps=8)})
    project.produce(INLINE)
    known = [blob.meta for blob in project.store.blobs() if "noises" in blob.meta]
    assert [one["noises"][0][1] for one in known] == [12]


def test_mixing_is_exact() -> None:
    one, other = np.full((2, 2, 3), 10, np.uint8), np.full((2, 2, 3), 13, np.uint8)
    assert [int(mixed(one, other, Fraction(n, 3)).max()) for n in (1, 2)] == [11, 12]
    assert int(mixed(np.full(1, 255, np.uint8), np.full(1, 0, np.uint8), Fraction(1, 2))[0]) == 128


@given(
    plan=st.lists(st.tuples(st.integers(1, 120), st.booleans()), min_size=1, max_size=5),
    fps=st.sampled_from([8, 12, 16, 23.976, 25, 30]),
    rule=st.sampled_from(["hold", "blend", "native"]),
    ratio=st.sampled_from([1, 4, 8]),
    at=st.sampled_from(["middle", "start"]),
)
def test_both_units_agree(plan: list[tuple[int, bool]], fps: float, rule: Rule, ratio: int, at: str) -> None:
    able = Capabilities(clip_frames=ratio * 4 + 1, strides=(ratio * 2, 1), frame_ratio=ratio, fps=fps, panel_at=at)  # type: ignore[arg-type]
    shots = tuple(
        Shot(id=f"s{n}", seconds=frames / 24, join=Join(kind="flow" if flow and n else "cut"))
        for n, (frames, flow) in enumerate(plan)
    )
    film = resolve(Storyboard(rate=rule, scenes=(Scene(id="a", shots=shots),)))
    for span in spans(film, {"toon": able}):
        _agrees(span, ratio, at)
        assert span.covered == lengthened(span.frames, able.clip_frames, 2 * ratio), "as `check` tells it"


@given(
    plan=st.lists(st.tuples(st.integers(1, 120), st.booleans()), min_size=1, max_size=5),
    fps=st.sampled_from([12, 23.976, 25]),
    step=st.sampled_from([17, 25, 32]),
    at=st.integers(0, 119),
)
def test_pictures_of_a_model_that_counts_rows_stand_where_a_row_begins(
    plan: list[tuple[int, bool]], fps: float, step: int, at: int
) -> None:
    chain = Chain(33, 8, step)
    strides = (step, 1) if step < 32 else (1,)
    able = Capabilities(33, (0, *strides), 8, fps=fps, panel_at="start", pins="any", pictures=True, chain=chain)
    shots = tuple(
        Shot(
            id=f"s{n}", seconds=frames / 24, join=Join(kind="flow" if flow and n else "cut"),
            keyframes=({"at": min(at, frames - 1) / 24, "picture": "a.png"},),
        )
        for n, (frames, flow) in enumerate(plan)
    )  # fmt: skip
    film = resolve(Storyboard(scenes=(Scene(id="a", shots=shots),)))
    for span in spans(film, {"toon": able}):
        assert span.covered == chain.length(span.frames)
        for shot, start, own, panel in zip(span.shots, span.starts, span.lengths, span.panels, strict=True):
            ((still, _),) = panel.reels.keyframes.items()
            wanted = span.conform.at(shot.keyframes[0][0])
            rows = [frame for frame in range(own) if (start + frame) % step == 0 or (start + frame) % step % 8 == 1]
            assert still == (min(rows, key=lambda row: abs(row - wanted)) if rows else wanted)
            grid = [frame for frame in range(own) if (start + frame) % strides[0] == 0]
            assert panel.moment == (grid or rows or [0])[0]


@given(
    plan=st.lists(st.tuples(st.integers(1, 14), st.integers(0, 13)), min_size=2, max_size=6),
    fps=st.sampled_from([12, 16, 24]),
    ratio=st.sampled_from([4, 8]),
)
def test_pictures_that_windows_begin_at_stand_where_a_latent_row_begins(
    plan: list[tuple[int, int]], fps: float, ratio: int
) -> None:
    able = Capabilities(
        ratio * 3 + 1, (0, ratio * 2, 1), ratio, fps=fps, panel_at="start", pins="any", pictures=True, whole=True
    )
    shots = tuple(
        Shot(
            id=f"s{n}", seconds=frames / 24, join=Join(kind="flow" if n else "cut"),
            keyframes=({"at": min(at, frames - 1) / 24, "picture": "a.png"},),
        )
        for n, (frames, at) in enumerate(plan)
    )  # fmt: skip
    film = resolve(Storyboard(scenes=(Scene(id="a", shots=shots),)))
    (span,) = spans(film, {"toon": able})
    for shot, start, own, panel in zip(span.shots, span.starts, span.lengths, span.panels, strict=True):
        grid, rows = ([at for at in range(own) if (start + at) % step == 0] for step in (2 * ratio, ratio))
        assert panel.moment == (grid or rows or [0])[0]
        ((still, _),) = panel.reels.keyframes.items()
        wanted = span.conform.at(shot.keyframes[0][0])
        assert still in (rows or [wanted])
        assert abs(still - wanted) == min(abs(row - wanted) for row in rows or [wanted])


def _agrees(span: Span, ratio: int, at: str) -> None:
    length = sum(shot.frames for shot in span.shots)
    shown = [span.at(frame) for frame in range(length)]
    assert shown == sorted(shown)
    assert span.at(length) == span.frames <= span.covered
    assert (span.covered - 1) % (2 * ratio) == 0
    assert span.prompts[0].start == 0
    assert span.prompts[-1].stop == span.covered
    assert all(a.stop == b.start for a, b in zip(span.prompts, span.prompts[1:], strict=False))
    for number, (start, own, panel) in enumerate(zip(span.starts, span.lengths, span.panels, strict=True)):
        assert own >= 1
        assert start < span.needed(number) <= span.frames
        assert 0 <= panel.moment < own
        assert span.back(start) == sum(shot.frames for shot in span.shots[:number])
        grid = [frame for frame in range(own) if (start + frame) % (2 * ratio) == 0]
        if at == "start":
            assert panel.moment == (grid[0] if grid else 0)
        else:
            assert panel.moment in (grid or [own // 2])


def test_mouths_move_at_the_renderers_rate() -> None:
    board = BOARD[: BOARD.index("      - {id: c")].replace("RATE", "hold").replace(
        'does: "runs"}]', 'does: "runs"}], dialogue: [{who: ember, line: "Run now!", at: 0.25}]'
    )  # fmt: skip
    film = resolve(loads(board.replace("renderer: slow", "renderer: toon")).board)
    actors = Actors(film, voice_for())
    slow, plain = (
        spans(film, {"toon": Capabilities(clip_frames=17, strides=(16, 1), fps=fps)})[0] for fps in (8, None)
    )
    (line,), (usual,) = (actors.acting(span).lines for span in (slow, plain))  # type: ignore[union-attr]
    assert (line.start, line.stop) == (slow.at(usual.start), slow.at(usual.stop))
    assert line.start == 16 + 3 * 2 // 3
    assert len(line.mouth) == line.stop - line.start < len(usual.mouth)
    assert [usual.mouth[slow.back(at) - usual.start] for at in range(line.start + 1, line.stop)] == [*line.mouth[1:]]
    assert actors.told(slow) != actors.told(plain)

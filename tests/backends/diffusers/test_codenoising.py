"""The co-denoising hook on whole pipelines: what it leaves alone, what it survives, what it refuses."""

import inspect
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from tiny.denoisers import DENOISERS
from tiny.nets import made
from tiny.whole import animatediff_pipe, asked, cogvideox_pipe, film, quiet, wan_pipe
from torch import Tensor

from storyforge.backends.diffusers import texts
from storyforge.backends.diffusers.codenoising import WindowPlan, codenoise, codenoised, denoisers
from storyforge.backends.diffusers.families import FAMILIES
from storyforge.backends.diffusers.texts import Said
from storyforge.errors import RenderError

torch.set_num_threads(1)
PLAN = WindowPlan(4, 1, 1)  # of 9 rows: [0, 4), [2, 6), [4, 8), [5, 9)


@pytest.fixture(scope="module")
def wan() -> Any:
    return wan_pipe()


def test_two_experts_and_guidance_in_two_passes(wan: Any) -> None:
    torch.manual_seed(1)
    second = type(wan.transformer)(**{k: v for k, v in wan.transformer.config.items() if not k.startswith("_")})
    pipe = wan_pipe(transformer_2=second, boundary_ratio=0.8)
    plain = film(pipe)
    with codenoise(pipe, WindowPlan(9, 1)) as report:
        assert torch.equal(film(pipe), plain)
    assert report.forwards == report.calls == 4
    with codenoise(pipe, PLAN) as report:
        cut = film(pipe)
        assert torch.equal(film(pipe), cut)
    assert (report.calls, report.forwards) == (8, 32)
    assert torch.isfinite(cut).all()
    assert not torch.equal(cut, plain)
    assert torch.equal(film(pipe), plain)


def test_windows_say_what_they_see_and_write(wan: Any) -> None:
    with codenoise(wan, PLAN) as report:
        film(wan)
    assert [(window.seen.start, window.written.start) for window in report.windows] == [(0, 0), (2, 3), (4, 5), (5, 6)]
    assert {len(window.seen) for window in report.windows} == {4}


def test_it_is_the_same_module_that_can_be_moved_and_saved(wan: Any, tmp_path: Path) -> None:
    from diffusers import WanPipeline

    before = wan.transformer
    with codenoise(wan, PLAN):
        cut = film(wan)
        assert wan.transformer is before
        wan.to(torch.float64).to(torch.float32)
        assert torch.equal(film(wan), cut)
        wan.save_pretrained(tmp_path / "saved")
        names = [*inspect.signature(before.forward).parameters]
    assert names == [*inspect.signature(type(before).forward).parameters][1:]
    again = quiet(WanPipeline.from_pretrained(tmp_path / "saved"))
    torch.testing.assert_close(film(again), film(wan), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("inside", [False, True])
def test_it_lives_with_group_offload(inside: bool) -> None:
    pipe = wan_pipe()
    with codenoise(pipe, PLAN):
        cut = film(pipe)
    plain = film(pipe)

    def offload() -> None:
        pipe.transformer.enable_group_offload(torch.device("cpu"), torch.device("cpu"), offload_type="leaf_level")

    if not inside:
        offload()
    with codenoise(pipe, PLAN):
        if inside:
            offload()
        assert torch.equal(film(pipe), cut)
    assert torch.equal(film(pipe), plain)


def test_it_lives_with_a_model_offload_that_is_renewed_after_every_call() -> None:
    from accelerate import cpu_offload_with_hook
    from accelerate.hooks import remove_hook_from_module

    pipe = wan_pipe()
    with codenoise(pipe, PLAN):
        cut = film(pipe)
    plain = film(pipe)
    cpu_offload_with_hook(pipe.transformer, torch.device("cpu"))
    with codenoise(pipe, PLAN):
        assert torch.equal(film(pipe), cut)
        remove_hook_from_module(pipe.transformer)
        cpu_offload_with_hook(pipe.transformer, torch.device("cpu"))
        assert torch.equal(film(pipe), cut)
    assert torch.equal(film(pipe), plain)
    remove_hook_from_module(pipe.transformer)
    assert torch.equal(film(pipe), plain)

    with codenoise(pipe, PLAN):
        cpu_offload_with_hook(pipe.transformer, torch.device("cpu"))
        assert torch.equal(film(pipe), cut)
    assert torch.equal(film(pipe), plain)


def test_a_hook_beneath_may_go_while_it_runs(wan: Any) -> None:
    """As the one does by which group offload learns in which order to prefetch."""
    from diffusers.hooks import HookRegistry, ModelHook

    plain = film(wan)
    with codenoise(wan, PLAN):
        cut = film(wan)
    registry = HookRegistry.check_if_exists_or_initialize(wan.transformer)
    registry.register_hook(ModelHook(), "beneath")
    with codenoise(wan, PLAN):
        registry.remove_hook("beneath", recurse=False)
        assert torch.equal(film(wan), cut)
    assert torch.equal(film(wan), plain)


def answer(net: Any, rows: int, plan: WindowPlan | None = None) -> Tensor:
    """What a tiny Wan denoiser answers, in windows where a plan is given."""
    call = DENOISERS["wan"].call(rows)
    if plan is None:
        return plain_answer(net, call)
    with codenoise(SimpleNamespace(transformer=net), plan):
        return plain_answer(net, call)


@torch.no_grad()
def plain_answer(net: Any, call: dict[str, Any]) -> Tensor:
    made: Tensor = net(**call)[0]
    return made


def test_windows_of_any_length_of_film_are_one_compiled_graph() -> None:
    graphs: list[Any] = []

    def backend(graph: Any, inputs: Any) -> Any:
        graphs.append(graph)
        return graph.forward

    torch.compiler.reset()
    net = DENOISERS["wan"].make()
    cut, plain = answer(net, 9, PLAN), answer(net, 4)
    for block in net.blocks:
        block.compile(backend=backend, fullgraph=True)  # as compile_repeated_blocks does
    torch.testing.assert_close(answer(net, 9, PLAN), cut)
    answer(net, 11, PLAN)
    assert len(graphs) == 1
    torch.testing.assert_close(answer(net, 4), plain)
    assert len(graphs) == 1


def test_a_denoiser_in_a_wrapper_of_torch_compile() -> None:
    torch.compiler.reset()
    net = DENOISERS["wan"].make()
    cut, plain = answer(net, 9, PLAN), answer(net, 4)
    wrapped = torch.compile(net, backend="eager")
    torch.testing.assert_close(answer(wrapped, 9, PLAN), cut)
    torch.testing.assert_close(answer(wrapped, 4), plain)


def test_a_denoiser_that_compiles_itself() -> None:
    torch.compiler.reset()
    net = DENOISERS["wan"].make()
    cut, plain = answer(net, 9, PLAN), answer(net, 4)
    net.compile(backend="eager")
    torch.testing.assert_close(answer(net, 4), plain)
    frames = torch._dynamo.utils.counters["frames"]["ok"]
    torch.testing.assert_close(answer(net, 9, PLAN), cut)
    torch.testing.assert_close(answer(net, 4), plain)
    assert torch._dynamo.utils.counters["frames"]["ok"] == frames  # nothing was compiled anew


def one_step(pipe_of: str, wan: Any) -> tuple[Callable[..., Tensor], int]:
    """A film of one step by a pipeline, of some words, and the axis of its rows."""
    from diffusers import CogVideoXDDIMScheduler, DDIMScheduler

    pipes: dict[str, tuple[Callable[[], Any], int, dict[str, Any]]] = {
        "wan": (lambda: wan, 2, {}),
        "cogvideox": (lambda: cogvideox_pipe(CogVideoXDDIMScheduler(prediction_type="v_prediction")), 1, {}),
        "animatediff": (lambda: animatediff_pipe(DDIMScheduler(clip_sample=False)), 2, {"num_frames": 9}),
    }
    make, axis, more = pipes[pipe_of]
    pipe = make()
    known = inspect.signature(type(pipe).__call__).parameters

    def call(prompt: str, *prompts: Said, clip: int = 0, **words: str) -> Tensor:
        """clip: rows of the calls by which prompts are heard, if not the film's."""
        arguments = asked(num_inference_steps=1, prompt=prompt, **words) | more
        told = {k: v for k, v in arguments.items() if k in known}
        length = clip if "num_frames" in more else 4 * clip - 3
        short = {"rows": 9, "shorter": texts.shortened(told, length, {"num_frames": length})} if clip else {}
        made: Tensor = codenoised(pipe, PLAN, told, prompts, **short).frames
        return made

    return call, axis


def meets(both: Tensor, first: Tensor, second: Tensor, axis: int) -> None:
    """Rows that windows of the first alone write are the first film's, and so of the second, bit for bit."""
    row = [(both.select(axis, at), first.select(axis, at), second.select(axis, at)) for at in range(9)]
    assert all(torch.equal(made, one) for made, one, _ in row[:5])
    assert all(torch.equal(made, other) for made, _, other in row[6:])
    assert not any(torch.equal(one, other) for _, one, other in row)


@pytest.mark.parametrize("pipe_of", ["wan", "cogvideox", "animatediff"])
def test_every_window_has_its_own_prompt(pipe_of: str, wan: Any) -> None:
    call, axis = one_step(pipe_of, wan)
    fox, moth = call("a small orange fox"), call("a grey moth")
    both = call("a small orange fox", Said(0, 5, "a small orange fox"), Said(5, 9, "a grey moth"))
    meets(both, fox, moth, axis)
    assert torch.equal(call("a small orange fox", Said(0, 9, "a grey moth")), moth)


@pytest.mark.parametrize("pipe_of", ["wan", "cogvideox", "animatediff"])
def test_prompts_that_windows_hear_are_heard_in_calls_of_a_clip(
    pipe_of: str, wan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A beat that no window hears costs no call; the film is the same, bit for bit."""
    call, _ = one_step(pipe_of, wan)
    fox, away = "a small orange fox", "storm"
    prompts = Said(0, 5, fox), Said(5, 6, "a blue bat"), Said(6, 9, "a grey moth", "night")
    whole = call(fox, *prompts, negative_prompt=away)
    heard: list[dict[str, Any]] = []
    plain = texts.heard

    def hear(pipe: Any, arguments: Any, nets: Any) -> Any:
        family, told = plain(pipe, arguments, nets)
        heard.append({"words": arguments["prompt"], "rows": family.place(told, None).rows})
        return family, told

    monkeypatch.setattr(texts, "heard", hear)
    assert torch.equal(call(fox, *prompts, clip=4, negative_prompt=away), whole)
    assert {one["rows"] for one in heard} == {4}
    said = [one["words"] for one in heard]
    assert said == (["a grey moth", away, "night"] if pipe_of == "wan" else ["a grey moth"])


def test_what_shots_avoid_alike_is_heard_once(wan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, str]] = []
    plain = texts.heard

    def hear(pipe: Any, arguments: Any, nets: Any) -> Any:
        heard.append((arguments["prompt"], arguments["negative_prompt"]))
        return plain(pipe, arguments, nets)

    monkeypatch.setattr(texts, "heard", hear)
    said = [Said(0, 3, "a grey moth", "night"), Said(3, 6, "a blue bat", "night")]
    texts.prompts_of(wan, asked(), said, denoisers(wan))
    assert heard == [("a grey moth", "night"), ("storm", "storm"), ("night", "storm"), ("a blue bat", "night")]


def test_a_film_of_other_rows_than_were_counted_is_refused(wan: Any) -> None:
    with pytest.raises(RenderError, match=r"another number of rows than the profile counts.*clip\.ratio"):
        codenoised(wan, PLAN, asked(), [Said(0, 4, "a small orange fox"), Said(4, 9, "a grey moth")], rows=4)


@pytest.mark.parametrize("pipe_of", ["wan", "cogvideox", "animatediff"])
def test_every_window_avoids_its_own(pipe_of: str, wan: Any) -> None:
    """Guidance in a pass of its own, in the batch, and in the batch of every frame."""
    call, axis = one_step(pipe_of, wan)
    fox, storm = "a small orange fox", {"negative_prompt": "storm"}
    meets(call(fox, Said(5, 9, fox, "night"), **storm), call(fox, **storm), call(fox, negative_prompt="night"), axis)
    moth = call("a grey moth", negative_prompt="night")
    meets(call(fox, Said(5, 9, "a grey moth", "night"), **storm), call(fox, **storm), moth, axis)
    nothing = call(fox, negative_prompt="")
    meets(call(fox, Said(5, 9, fox, ""), **storm), call(fox, **storm), nothing, axis)
    meets(call(fox, Said(5, 9, fox, "storm"), negative_prompt=""), nothing, call(fox, **storm), axis)
    same = call(fox, Said(0, 5, fox), Said(5, 9, "a grey moth", "storm"), **storm)
    assert torch.equal(same, call(fox, Said(5, 9, "a grey moth"), **storm))


def test_a_pipeline_that_is_told_otherwise_what_to_avoid_is_refused(wan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Telling(type(wan)):  # type: ignore[misc]  # what it avoids is not told as its prompt is
        def encode_prompt(self, *args: Any, **kwargs: Any) -> Any:
            to, away = super().encode_prompt(*args, **kwargs)
            return to, None if away is None else away * 0.5

    monkeypatch.setattr(wan, "__class__", Telling)
    with pytest.raises(RenderError, match="cannot avoid different things: give the shots of a flow the same `avoid`"):
        codenoised(wan, PLAN, asked(negative_prompt="storm"), [Said(5, 9, "a grey moth", "night")])
    codenoised(wan, PLAN, asked(negative_prompt="storm"), [Said(5, 9, "a grey moth", "storm")])


def test_a_prompt_in_a_film_of_one_window(wan: Any) -> None:
    plan = WindowPlan(9, 1)
    moth = codenoised(wan, plan, asked(prompt="a grey moth")).frames
    assert torch.equal(codenoised(wan, plan, asked(), [Said(0, 9, "a grey moth")]).frames, moth)
    assert torch.equal(codenoised(wan, plan, asked(), [Said(0, 9, "a small orange fox")]).frames, film(wan))


def test_hearing_a_prompt_draws_no_noise(wan: Any) -> None:
    arguments = asked()
    state, common = arguments["generator"].get_state(), torch.get_rng_state()
    with codenoise(wan, PLAN):
        first = film(wan)
    made = codenoised(wan, PLAN, arguments, [Said(0, 9, "a small orange fox"), Said(90, 99, "a grey moth")]).frames
    assert not torch.equal(arguments["generator"].get_state(), state)
    assert torch.equal(made, first)
    assert torch.equal(torch.get_rng_state(), common)


def test_keyframes_may_be_written_into_every_window(wan: Any) -> None:
    told = []

    def edit(window: Any, arguments: dict[str, Any]) -> dict[str, Any]:
        told.append((window.seen.start, arguments["hidden_states"].shape[2]))
        return arguments | {"hidden_states": torch.zeros_like(arguments["hidden_states"])}

    with codenoise(wan, WindowPlan(4, 1, 1, edit=edit)):
        changed = film(wan, num_inference_steps=1, guidance_scale=1.0)
    assert told == [(0, 4), (2, 4), (4, 4), (5, 4)]
    with codenoise(wan, PLAN):
        assert not torch.equal(film(wan, num_inference_steps=1, guidance_scale=1.0), changed)


def test_a_control_network_hands_every_window_its_own_answer() -> None:
    """SparseCtrl then the denoiser, window by window, as if each were a clip by itself."""
    control, net = DENOISERS["sparsectrl"].make(), DENOISERS["motion"].make()
    n, plan = 9, WindowPlan(4, 1)
    pipe = SimpleNamespace(unet=net, controlnet=control)

    def both(rows: slice) -> Tensor:
        call, seen = DENOISERS["sparsectrl"].call(n), DENOISERS["motion"].call(n)
        text = call["encoder_hidden_states"].view(2, n, 5, 16)[:, rows].flatten(0, 1)
        for name in ("sample", "controlnet_cond", "conditioning_mask"):
            call[name] = call[name][:, :, rows]
        down, mid = control(**call | {"encoder_hidden_states": text})
        answer: Tensor = net(
            seen["sample"][:, :, rows], seen["timestep"], text,
            down_block_additional_residuals=down, mid_block_additional_residual=mid,
        ).sample  # fmt: skip
        return answer

    with codenoise(pipe, plan) as report:
        made = both(slice(None))
    starts = [window.seen.start for window in report.windows]
    assert starts == [0, 3, 5]
    assert report.forwards == 6
    torch.testing.assert_close(made[:, :, :3], both(slice(0, 4))[:, :, :3], rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(made[:, :, 7:], both(slice(5, 9))[:, :, 2:], rtol=1e-5, atol=1e-5)


def test_an_unknown_denoiser_is_refused_by_name() -> None:
    pipe = SimpleNamespace(transformer=torch.nn.Linear(1, 1))
    with (
        pytest.raises(RenderError, match=r"Linear: storyforge does not know .* add one entry .*families\.py"),
        codenoise(pipe, PLAN),
    ):
        pass
    known = made("HeliosTransformer3DModel", num_layers=0, num_attention_heads=1, attention_head_dim=12)
    with (
        pytest.raises(RenderError, match=r"HeliosTransformer3DModel: .* a loop of its own"),
        codenoise(SimpleNamespace(transformer=known()), PLAN),
    ):
        pass
    with pytest.raises(RenderError, match="has no denoiser"), codenoise(SimpleNamespace(), PLAN):
        pass


def test_a_call_that_goes_past_the_denoiser_is_no_film_in_windows(wan: Any) -> None:
    class Past:
        transformer = wan.transformer

        def __call__(self, **arguments: Any) -> Any:
            return wan.vae

    with pytest.raises(RenderError, match="Past did not call the denoiser"):
        codenoised(Past(), PLAN, asked())


def test_an_argument_that_is_new_or_does_not_fit_is_refused_by_name(wan: Any) -> None:
    call = DENOISERS["sana"].call(9) | {"controlnet_block_samples": (torch.zeros(1),)}
    net = DENOISERS["sana"].make()
    with (
        codenoise(SimpleNamespace(transformer=net), PLAN),
        pytest.raises(RenderError, match="controlnet_block_samples"),
    ):
        net(**call)
    call = DENOISERS["skyreels"].call(9) | {"timestep": torch.zeros(1, 8)}
    net = DENOISERS["skyreels"].make()
    with (
        codenoise(SimpleNamespace(transformer=net), PLAN),
        pytest.raises(RenderError, match=r"timestep as \(1, 8\).* 9 rows"),
    ):
        net(**call)


def test_windows_that_do_not_advance_are_refused() -> None:
    with pytest.raises(RenderError, match="do not advance"):
        WindowPlan(4, 2, 2)


def test_rows_that_the_denoiser_cannot_take_together_are_refused() -> None:
    net = DENOISERS["cogvideox-1.5"].make()
    with codenoise(SimpleNamespace(transformer=net), PLAN), pytest.raises(RenderError, match="2 rows at a time"):
        net(**DENOISERS["cogvideox"].call(9))


def test_every_entry_names_arguments_that_its_class_has() -> None:
    import diffusers

    for kind, family in FAMILIES.items():
        names = set(inspect.signature(getattr(diffusers, kind).forward).parameters)
        assert {*family.cut, *family.whole, *family.shared, *(name.split(".")[0] for name in family.text)} <= names, (
            kind
        )

"""Every denoiser of the table, called as its pipelines call it, cut into windows and joined again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from tiny.denoisers import DENOISERS, Denoiser
from tiny.nets import Arguments
from torch import Tensor

from storyforge.backends.diffusers import cutting
from storyforge.backends.diffusers.codenoising import WindowPlan, codenoise
from storyforge.backends.diffusers.families import FAMILIES, Family

torch.set_num_threads(1)
pytestmark = pytest.mark.filterwarnings("ignore:In CPU autocast")  # Mochi asks for it in float32, too
NETS: dict[str, Any] = {}
CONDITIONED = {"ltx-condition", "ltx2-condition"}  # how many conditions a window holds depends on where it lies


@pytest.fixture(params=DENOISERS)
def one(request: pytest.FixtureRequest) -> Denoiser:
    """A denoiser, made once for all tests."""
    return DENOISERS[request.param]


@pytest.fixture
def named(one: Denoiser) -> str:
    return next(name for name, known in DENOISERS.items() if known is one)


@pytest.fixture
def net(one: Denoiser, named: str) -> Any:
    return NETS.setdefault(named, one.make())


def family(net: Any) -> Family:
    return FAMILIES[type(net).__name__]


def plan(one: Denoiser, **more: Any) -> WindowPlan:
    return WindowPlan(one.size, one.overlap, one.lead, **more)


def tensors(value: Any) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, dict):
        return tensors(tuple(value.values()))
    return [tensor for item in value for tensor in tensors(item)] if isinstance(value, tuple | list) else []


@contextmanager
def answering(net: Any, how: Callable[..., Any]) -> Iterator[None]:
    """The module with another forward."""
    net.forward = how
    try:
        yield
    finally:
        del net.forward


def called(one: Denoiser, net: Any, plan: WindowPlan, arguments: Arguments) -> list[Tensor]:
    """The tensors that the module answers under the hook."""
    with codenoise(SimpleNamespace(**{"unet": None, one.place: net} | extra(one)), plan):
        return tensors(net(**arguments))


def extra(one: Denoiser) -> dict[str, Any]:
    """A control network never comes without a denoiser."""
    return {"unet": NETS.setdefault("motion", DENOISERS["motion"].make())} if one.place == "controlnet" else {}


def test_a_call_that_one_window_covers_is_the_plain_call(one: Denoiser, net: Any) -> None:
    arguments = one.call(one.size)
    plain = tensors(net(**arguments))
    for piece, whole in zip(called(one, net, WindowPlan(one.size, 1), arguments), plain, strict=True):
        assert torch.equal(piece, whole)


def test_overlapping_windows_are_finite_and_the_same_twice_and_gone_afterwards(one: Denoiser, net: Any) -> None:
    arguments, short = one.call(one.rows), one.call(one.size)
    before = tensors(net(**short))[0]
    first, second = (called(one, net, plan(one), arguments) for _ in range(2))
    assert all(torch.isfinite(tensor).all() for tensor in first)
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    assert net.forward.__func__ is type(net).forward
    assert torch.equal(tensors(net(**short))[0], before)


def test_windows_in_one_batch_say_what_windows_in_turn_say(one: Denoiser, net: Any) -> None:
    arguments = one.call(one.rows)
    alone = called(one, net, plan(one), arguments)
    for a, b in zip(alone, called(one, net, plan(one, batch=3), arguments), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-4)


def test_a_window_is_given_what_a_clip_of_its_length_is_given(one: Denoiser, net: Any, named: str) -> None:
    seen: list[Arguments] = []
    native = one.call(one.size)

    def watched(**arguments: Any) -> Any:
        seen.append(arguments)
        return type(net).forward(net, **arguments)

    with answering(net, watched):
        called(one, net, plan(one), one.call(one.rows))
    assert len(seen) > 1
    for arguments in seen:
        assert arguments.keys() == native.keys()
        for name, value in arguments.items():
            rule = family(net).cut.get(name)
            if named not in CONDITIONED:
                assert [part.shape for part in tensors(value)] == [part.shape for part in tensors(native[name])], name
            if named not in CONDITIONED and isinstance(rule, cutting.First | cutting.Clock | cutting.Own):
                assert all(map(torch.equal, tensors(value), tensors(native[name]))), name
            if rule is None or isinstance(rule, cutting.Count):
                assert all(map(torch.equal, tensors(value), tensors(native[name]))), name
                assert tensors(value) or value == native[name], name


def test_a_denoiser_that_sees_every_row_by_itself_says_the_same_in_windows(one: Denoiser, net: Any) -> None:
    """Proves that rows are cut and joined in place, and that weights sum to 1."""
    known = family(net)

    def local(**arguments: Any) -> Any:
        return rowwise(arguments, known, net.config)

    for batch in (1, 2):
        with answering(net, local):
            arguments = one.call(one.rows)
            whole = tensors(local(**arguments))
            pieces = called(one, net, plan(one, batch=batch), arguments)
        for a, b in zip(pieces, whole, strict=True):
            torch.testing.assert_close(a, b, rtol=1e-6, atol=1e-6)


def rowwise(arguments: Arguments, known: Family, config: Any) -> tuple[Any, ...]:
    """An answer at every row made of everything that the call says of it, and of nothing else."""
    layout = known.place(arguments, config)
    main = arguments[known.main]
    axis = getattr(known.cut[known.main], "axis", 1)
    answer = torch.sin(main)
    for name, rule in known.cut.items():
        for value in tensors(arguments.get(name)):
            if name != known.main and not rule.stream:
                answer = answer + said(rule, value, layout, main, axis)
    if known.output is not None:
        every = answer.transpose(1, 2).flatten(0, 1)
        return [every], every.mean(1)
    return (answer, torch.cos(arguments[known.audio])) if known.audio else (answer,)


def said(rule: cutting.Rule, value: Tensor, layout: cutting.Layout, main: Tensor, axis: int) -> Tensor | float:
    """The mean of what an argument says of each row of each sample, in the form of the main argument."""
    at = 1
    if isinstance(rule, cutting.Rows):
        at = rule.axis
    elif isinstance(rule, cutting.InBatch):
        value = value.view(-1, layout.rows, *value.shape[1:])
    elif not isinstance(rule, cutting.Tokens):
        return 0.0
    if value.ndim <= at or value.shape[at] == 1:
        return 0.0
    mean = value.float().transpose(1, at).flatten(2).mean(2) if value.ndim > 2 else value.float()
    if mean.shape[1] != main.shape[axis]:
        mean = mean.unflatten(1, (main.shape[axis], -1)).mean(2)
    return mean.view(len(mean), *[1] * (axis - 1), -1, *[1] * (main.ndim - axis - 1)) / 1000

"""Hooks on a pipeline's denoisers that stay while other hooks come and go, and are gone afterwards."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from inspect import signature
from typing import Any

from diffusers.hooks import HookRegistry, ModelHook
from diffusers.hooks.hooks import HookFunctionReference, StateManager, _set_cache_context

NAME = "storyforge"


class _Lasting(HookFunctionReference):  # type: ignore[misc]  # diffusers is untyped
    """The place of a hook in the chain. A hook below that goes while we run (group offload's prefetching does) would
    put its own forward in our place; it belongs beneath us."""

    ours: Callable[..., Any]

    @property
    def forward(self) -> Callable[..., Any]:
        return self.ours

    @forward.setter
    def forward(self, beneath: Callable[..., Any]) -> None:
        self.original_forward = beneath


class Hook(ModelHook, ABC):  # type: ignore[misc]
    """A hook that answers a call itself; `plain` is the denoiser without it, `named` a call's arguments by name."""

    def __init__(self, module: Any) -> None:
        super().__init__()
        self.module = module
        self.compiled: Callable[..., Any] | None = None
        """The call of a module that compiled itself (`module.compile()`): that is compiled, and the hook is not."""
        inner = unwrapped(module)
        self._signature = signature(type(inner).forward)
        self.config: Any = inner.config
        self.kind = type(inner).__name__

    def plain(self, *args: Any, **kwargs: Any) -> Any:
        beneath = self.fn_ref.original_forward
        if self.compiled is None:
            return beneath(*args, **kwargs)
        mounted, self.module.forward = self.module.forward, beneath
        try:
            return self.compiled(*args, **kwargs)
        finally:
            self.module.forward = mounted

    def named(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        bound = dict(self._signature.bind(None, *args, **kwargs).arguments)
        del bound["self"]
        return bound

    @abstractmethod
    def answer(self, module: Any, *args: Any, **kwargs: Any) -> Any:
        """The answer to a call, by whatever calls of `plain` it takes."""

    def new_forward(self, module: Any, *args: Any, **kwargs: Any) -> Any:
        return self.answer(module, *args, **kwargs)


def unwrapped(module: Any) -> Any:
    """The denoiser in a torch.compile wrapper."""
    return getattr(module, "_orig_mod", module)


@contextmanager
def mounted(module: Any, hook: Hook) -> Iterator[None]:
    """The hook over all others of diffusers, and beneath accelerate's, which are renewed after every call."""
    # A compiled wrapper has a forward of its own; the hooks of the denoiser in it are compiled with it.
    registry = (
        HookRegistry(module) if module is not unwrapped(module) else HookRegistry.check_if_exists_or_initialize(module)
    )
    outer = module.forward if "_old_forward" in vars(module) else None
    if outer is not None:
        module.forward = module._old_forward
    registry.register_hook(hook, NAME)
    hook.fn_ref.ours = hook.fn_ref.forward
    hook.fn_ref.__class__ = _Lasting
    ours = module.forward
    if outer is not None:
        module._old_forward, module.forward = ours, outer
    if module is unwrapped(module) and (compiled := module._compiled_call_impl) is not None:
        hook.compiled, module._compiled_call_impl = compiled, None
    try:
        yield
    finally:
        _unmounted(module, registry, ours)
        if hook.compiled is not None:
            module._compiled_call_impl = hook.compiled


def _unmounted(module: Any, registry: Any, ours: Callable[..., Any]) -> None:
    """Takes the hook away; a wrapper that accelerate put around it stays."""
    outer = module.forward
    wrapped = vars(module).get("_old_forward") is ours
    registry.remove_hook(NAME, recurse=False)
    if wrapped:
        module._old_forward, module.forward = module.forward, outer


def managers(module: Any) -> list[StateManager]:
    """Where the caches of a denoiser (FirstBlockCache, MagCache, TaylorSeer ...) keep what they know of a call."""
    registry = HookRegistry.check_if_exists_or_initialize(unwrapped(module))
    hooks = [hook for one in (registry, *registry._get_child_registries()) for hook in one.hooks.values()]
    return [
        value for hook in hooks if hook._is_stateful for value in vars(hook).values() if isinstance(value, StateManager)
    ]


def cached(module: Any) -> set[str]:
    """Names of the stateful hooks in a denoiser."""
    registry = HookRegistry.check_if_exists_or_initialize(unwrapped(module))
    return {
        name
        for one in (registry, *registry._get_child_registries())
        for name, hook in one.hooks.items()
        if hook._is_stateful
    }


@contextmanager
def context(module: Any, part: str) -> Iterator[None]:
    """Caches know the call by another name within, one a window, so that no window reads what another left."""
    before = next((manager._context for manager in managers(module) if manager._context is not None), None)
    if before is None:
        yield
        return
    _set_cache_context(unwrapped(module), replace(before, name=f"{before.name} {part}"))
    try:
        yield
    finally:
        _set_cache_context(unwrapped(module), before)

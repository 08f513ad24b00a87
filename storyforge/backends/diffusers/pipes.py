"""The pipelines of a profile's roles, each loaded when it is first needed; one at a time on an accelerator."""

import gc
import logging
from collections.abc import Callable
from typing import Any, Literal, TypeVar
from weakref import WeakSet

from storyforge.backends.diffusers import host, loading, memory
from storyforge.backends.diffusers.bank import Bank
from storyforge.backends.models import DiffusersProfile, Network
from storyforge.errors import NotReady, RenderError

Role = Literal["video", "keyframes", "refine"]
T = TypeVar("T")

log = logging.getLogger("storyforge")
_EVERY: "WeakSet[Pipes]" = WeakSet()


class Pipes:
    """The video pipeline of a profile, and those of its roles."""

    def __init__(self, profile: DiffusersProfile, download: bool = False) -> None:
        self.profile, self.download = profile, download
        _EVERY.add(self)
        self.banks: dict[int, Bank] = {}  # of pictures that panels look at, by the film's seed
        self._loaded: dict[Role, Any] = {}
        self._networks: dict[Role, Network] = {"video": profile}
        if profile.painter is not None:
            self._networks["keyframes"] = profile.painter
        if profile.refine is not None:
            self._networks["refine"] = profile.refine

    def __getitem__(self, role: Role) -> Any:
        """A role's pipeline, loaded and placed. Raises NotReady where it cannot be."""
        if role not in self._loaded:
            network = self._networks[role]
            if not self.download:  # weights that are cut short cannot be measured
                loading.check(network, self.profile)
            whole = any(self._networks[one].memory.offload == "none" for one in (*self._loaded, role))
            device = self.profile.device or loading.best_device()
            short = host.short(network, self.profile, device, host.free_bytes())
            # Two models rarely fit into one accelerator; those of a profile that are offloaded wait beside it, if the
            # computer's own memory holds them all.
            for other in [one for one in _EVERY if short or (device != "cpu" and (whole or one is not self))]:
                other.release()
            try:
                self._loaded[role] = loading.load(network, self.profile, self.download, log.warning)
            except RenderError as error:
                raise NotReady(str(error)) from error
        return self._loaded[role]

    def run(self, role: Role, call: Callable[[Any], T]) -> T:
        """What a call of a role's pipeline gives; one that does not fit into memory runs again with less of it."""

        def again(network: Network) -> Callable[[], T]:
            self.release()
            self._networks[role] = network
            return lambda: call(self[role])

        result, _, said = memory.retried(self._networks[role], self.profile.name, lambda: call(self[role]), again)
        if said:
            log.warning(said)
        return result

    def release(self) -> None:
        """Lets all weights go."""
        self._loaded.clear()
        gc.collect()
        memory.free()

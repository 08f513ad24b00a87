"""The pipelines of a profile's roles, each loaded when it is first needed; one at a time on an accelerator."""

from functools import cached_property
from typing import Any

from storyforge.backends.diffusers import loading
from storyforge.backends.models import DiffusersProfile, Keyframes, Network


class Pipes:
    """The video pipeline of a profile, and those of its roles."""

    def __init__(self, profile: DiffusersProfile, download: bool = False) -> None:
        self.profile, self.download = profile, download
        self._loaded: dict[str, Any] = {}

    @cached_property
    def fingerprint(self) -> str:
        """Digest of the settings and weights of every role."""
        return loading.fingerprint(self.profile)

    @property
    def video(self) -> Any:
        """The profile's own pipeline."""
        return self._use("video", self.profile)

    @property
    def keyframes(self) -> Any:
        """The image pipeline."""
        assert isinstance(self.profile.keyframes, Keyframes)
        return self._use("keyframes", self.profile.keyframes)

    @property
    def refine(self) -> Any:
        """The pipeline of the second pass."""
        assert self.profile.refine is not None
        return self._use("refine", self.profile.refine)

    def _use(self, role: str, network: Network) -> Any:
        if role not in self._loaded:
            if (self.profile.device or loading.best_device()) != "cpu":
                self._release()
            self._loaded[role] = loading.load(network, self.profile, self.download)
        return self._loaded[role]

    def _release(self) -> None:
        """Lets the other roles' weights go: two models rarely fit into one accelerator's memory."""
        import gc

        import torch

        self._loaded.clear()
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

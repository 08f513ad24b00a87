"""What a shot of a flow avoids is heard in its own windows; `options` that say it hold for all of them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny

from storyforge import backends
from storyforge.backends import LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.diffusers import Diffusers, calls
from storyforge.backends.diffusers.texts import Said

FOX = Prompt("a small orange fox", "", avoid="storm")


def test_windows_are_told_what_their_shots_avoid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Diffusers(backends.read(tiny.install("wan-2.1-t2v-1.3b", tmp_path)))  # type: ignore[arg-type]
    said: list[tuple[Said, ...]] = []
    plain = calls.codenoised

    def codenoised(pipe: Any, plan: Any, arguments: Any, prompts: Any, **more: Any) -> Any:
        said.append(tuple(prompts))
        assert more["rows"] == rows
        assert (more["shorter"]["num_frames"], "latents" in more["shorter"]) == (backend.profile.clip.frames, False)
        return plain(pipe, plan, arguments, prompts, **more)

    monkeypatch.setattr(calls, "codenoised", codenoised)
    length = 2 * (backend.profile.clip.frames - 1) + 1
    half, rows = 12, (length - 1) // 4 + 1
    parts = (Part("one", 0, half, 7), Part("two", half, length, 8))

    def film(avoid: str, **options: str) -> bytes:
        moth = replace(FOX, text="a grey moth", avoid=avoid)
        told = (TimedPrompt(0, half, FOX), TimedPrompt(half, length, moth))
        request = LevelRequest("one..two/1", length, 1, parts, told, guidance=5.0, options=options)
        (made,) = backend.render([request])
        return bytes(made.arrays["x"].tobytes())

    storm, night = film("storm"), film("night")
    assert storm != night
    assert film("", negative_prompt="storm") == storm
    one, two = Said(0, 3, "a small orange fox"), Said(3, rows, "a grey moth")
    assert said == [(one, two), (one, two._replace(avoid="night")), (one, two)]

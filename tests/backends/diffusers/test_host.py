"""The computer's own memory: read as the system says it, counted as weights are copied, refused in a sentence."""

from pathlib import Path
from typing import Any

import pytest
import torch
from test_memory import wan
from tiny import base

from storyforge.backends.diffusers import host, loading
from storyforge.backends.diffusers.pipes import Pipes
from storyforge.backends.models import Keyframes
from storyforge.errors import RenderError

SIZES = {"transformer": 100, "vae": 10, "text_encoder": 1000, "safety_checker": 10_000}
SURE, ALL = 1110, 11_110  # numbers without and with what a call may have no use for


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return base.save_wan(tmp_path_factory.mktemp("host") / "wan")


@pytest.fixture
def sized(tmp_path: Path) -> Path:
    """A checkpoint of so many numbers by part, in bfloat16."""
    from safetensors.torch import save_file

    index = '{"_class_name": "WanPipeline"' + "".join(f', "{name}": ["diffusers", "Some"]' for name in SIZES) + "}"
    (tmp_path / "model_index.json").write_text(index)
    for name, size in SIZES.items():
        (tmp_path / name).mkdir()
        save_file({"w": torch.zeros(size, dtype=torch.bfloat16)}, tmp_path / name / "model.safetensors")
    shard = tmp_path / "transformer" / "model-00001-of-00001.safetensors"  # the same weights once more
    save_file({"w": torch.zeros(SIZES["transformer"], dtype=torch.bfloat16)}, shard)
    return tmp_path


@pytest.mark.parametrize(
    ("device", "plan", "dtype", "need"),
    [
        ("cuda", {}, "bfloat16", 0),  # mapped, and gone once they are on the accelerator
        ("cuda", {}, "float16", 2 * ALL),
        ("cuda", {"offload": "model"}, "bfloat16", 2 * SURE),
        ("cuda", {"offload": "group"}, "bfloat16", 2 * (ALL - SIZES["vae"])),
        ("cuda", {"offload": "leaf"}, "bfloat16", 2 * ALL),
        ("cuda", {"offload": "model", "fp8": True}, "bfloat16", 2 * SURE - SIZES["transformer"]),
        (
            "cuda",
            {"offload": "model", "quantisation": {"backend": "torchao"}},
            "bfloat16",
            2 * (SURE - SIZES["transformer"]),
        ),
        ("cpu", {"offload": "model"}, "bfloat16", 4 * ALL),  # a CPU computes in float32
    ],
)
def test_what_is_copied_is_counted(sized: Path, device: str, plan: dict[str, Any], dtype: str, need: int) -> None:
    profile = wan(sized, memory=plan, dtype=dtype)
    assert host.needed(profile, profile, device) == need


def test_weights_in_their_files_precision_are_mapped_and_others_are_copied(folder: Path) -> None:
    """Why the first are not counted: should diffusers or transformers read them otherwise, they must be."""
    mapped = {file.name for file in folder.rglob("*.safetensors")}
    assert mapped == {"diffusion_pytorch_model.safetensors", "model.safetensors"}
    for dtype, there in (("float32", True), ("bfloat16", False)):
        for name, of in (("transformer", "WanTransformer3DModel"), ("text_encoder", "UMT5EncoderModel")):
            model = loading.find_class(of, wan(folder)).from_pretrained(
                folder / name, dtype=getattr(torch, dtype), use_safetensors=True
            )
            largest = max(model.parameters(), key=torch.numel)
            assert _is_mapped(largest.data_ptr()) == there


def _is_mapped(address: int) -> bool:
    """Whether what lies there in this process's memory is a safetensors file."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        start, stop = (int(edge, 16) for edge in line.split()[0].split("-"))
        if start <= address < stop:
            return line.endswith(".safetensors")
    return False


def test_what_cannot_fit_is_refused_before_it_is_loaded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profile = wan(folder, components={"vae": {"class": "AutoencoderKLWan", "dtype": "bfloat16"}})
    monkeypatch.setattr(host, "free_bytes", lambda: 2000.0)
    with pytest.raises(RenderError) as caught:
        loading.load(profile)
    assert str(caught.value) == (
        "renderer tiny: the weights of WanPipeline take 0.0 GB of the computer's own memory, and 0.0 GB are free: "
        "close other programs, or name a smaller checkpoint in its profile"
    )
    monkeypatch.setattr(host, "free_bytes", lambda: None)
    assert loading.load(profile).vae.dtype == torch.bfloat16


def test_the_next_step_is_the_accelerator_where_it_holds_all(sized: Path) -> None:
    profile = wan(sized, memory={"offload": "leaf"}, components={"safety_checker": None})
    host.check(profile, profile, "cuda", 2 * SURE, 80e9)
    host.check(profile, profile, "cuda", None, 80e9)
    with pytest.raises(RenderError, match=r"\(offload: leaf\), .* or set memory: \{offload: none\} in its profile"):
        host.check(profile, profile, "cuda", SURE, 80e9)
    with pytest.raises(RenderError, match="or name a smaller checkpoint in its profile"):
        host.check(profile, profile, "cuda", SURE, 10.0)


def test_pipelines_wait_beside_one_another_where_there_is_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    painter = Keyframes(pipeline="WanPipeline", checkpoint=str(folder), dtype="float32")
    copied = {"vae": {"class": "AutoencoderKLWan", "dtype": "bfloat16"}}
    pipes = Pipes(wan(folder, keyframes=painter, components=copied))
    room = [1e9, 1e9]  # with nothing loaded, and beside another
    monkeypatch.setattr(host, "free_bytes", lambda: room[len(pipes._loaded) > 0])
    assert pipes["keyframes"] is not pipes["video"]
    assert set(pipes._loaded) == {"keyframes", "video"}
    del pipes._loaded["video"]
    room[1] = 0.0
    assert pipes["video"] is not None
    assert set(pipes._loaded) == {"video"}


V1, V2 = ("limit_in_bytes", "usage_in_bytes"), ("max", "current")


@pytest.mark.parametrize(
    ("groups", "left"),
    [
        ({}, 9 * 1024),
        ({"./a": (V2, 4000, 3000, "inactive_file 1500\nactive_file 500\n")}, 1000 + 2000),
        ({".": (V2, 2000, 1500, ""), "./a": (V2, "max", 100, "")}, 500),
        ({"memory/a": (V1, 3000, 2500, "inactive_file 9\ntotal_inactive_file 100\n")}, 600),
        ({"memory/a": (V1, 2**63 - 4096, 2500, "")}, 9 * 1024),
        ({"./b": (V2, 10, 10, "")}, 9 * 1024),  # another's group
    ],
)
def test_what_is_free_is_read_as_the_kernel_tells_it(tmp_path: Path, groups: dict[str, Any], left: int) -> None:
    proc, root = tmp_path / "proc", tmp_path / "groups"
    (proc / "self").mkdir(parents=True)
    assert host.free_bytes(proc, root) is None
    (proc / "meminfo").write_text("MemTotal: 20 kB\nMemAvailable:  9 kB\nSwapFree: 1 kB\nHugePages_Total: 0\n")
    (proc / "self" / "cgroup").write_text("4:memory:/a\n1:cpu:/\n0::/a\n")
    for name, ((most, used), limit, taken, stat) in groups.items():
        at = root / name
        at.mkdir(parents=True, exist_ok=True)
        (at / f"memory.{most}").write_text(f"{limit}\n")
        (at / f"memory.{used}").write_text(f"{taken}\n")
        (at / "memory.stat").write_text(stat)
    assert host.free_bytes(proc, root) == left + 1024

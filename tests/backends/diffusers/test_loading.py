"""What cannot be loaded: one sentence with the place and the next step, from this machine's files and from the hub."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from test_memory import wan
from tiny import base

from storyforge import backends
from storyforge.backends.diffusers import host, loading
from storyforge.backends.diffusers.pipes import Pipes
from storyforge.backends.models import DiffusersProfile, Keyframes
from storyforge.errors import InputError, NotReady, RenderError


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return base.save_wan(tmp_path_factory.mktemp("faults") / "wan")


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A checkpoint to be broken."""
    return Path(shutil.copytree(whole, tmp_path / "wan"))


def refused(profile: DiffusersProfile) -> str:
    """The sentence that both `storyforge renderers` and loading say."""
    said = backends.missing(profile)
    with pytest.raises(RenderError) as caught:
        loading.load(profile)
    assert str(caught.value) == f"renderer tiny is not ready: {said}"
    assert "\n" not in said
    return said


def sharded(folder: Path) -> None:
    """The transformer's weights in two files and an index, as large checkpoints come."""
    (file,) = (folder / "transformer").glob("*.safetensors")
    tensors = load_file(file)
    file.unlink()
    names = sorted(tensors)
    half = len(names) // 2
    table = {}
    for number, part in enumerate((names[:half], names[half:]), 1):
        name = f"diffusion_pytorch_model-0000{number}-of-00002.safetensors"
        save_file({key: tensors[key] for key in part}, folder / "transformer" / name)
        table |= dict.fromkeys(part, name)
    index = folder / "transformer" / "diffusion_pytorch_model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": table}))


def test_an_interrupted_download_is_told_by_the_shard_that_its_index_names(folder: Path) -> None:
    sharded(folder)
    assert backends.missing(wan(folder)) == ""
    assert loading.load(wan(folder)).transformer is not None
    gone = folder / "transformer" / "diffusion_pytorch_model-00002-of-00002.safetensors"
    gone.unlink()
    assert refused(wan(folder)) == (
        f"{gone} is missing, which diffusion_pytorch_model.safetensors.index.json names: the download was "
        "interrupted: put the whole checkpoint into that folder"
    )


def test_what_no_call_can_be_made_with_is_told_apart_from_a_call_that_fails(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as scarce:
        scarce.setattr(host, "free_bytes", lambda: 1e9)
        scarce.setattr(host, "needed", lambda *asked: 5e9)
        with pytest.raises(NotReady, match=r"take 5.0 GB of the computer's own memory, and 1.0 GB are free"):
            Pipes(wan(folder))["video"]
    (folder / "vae" / "diffusion_pytorch_model.safetensors").write_bytes(b"cut short")
    with pytest.raises(NotReady, match=r"renderer tiny is not ready: .* is cut short: the download was interrupted"):
        Pipes(wan(folder))["video"]


def test_a_variants_shards_are_looked_for_where_the_profile_names_one(folder: Path) -> None:
    shard = folder / "transformer" / "diffusion_pytorch_model.fp16-00001-of-00002.safetensors"
    save_file({"x": torch.zeros(1)}, shard)
    table = {"x": shard.name, "y": shard.name.replace("00001", "00002")}
    index = folder / "transformer" / "diffusion_pytorch_model.safetensors.index.fp16.json"
    index.write_text(json.dumps({"weight_map": table}))
    assert backends.missing(wan(folder)) == ""
    assert "fp16-00002-of-00002.safetensors is missing" in backends.missing(wan(folder, variant="fp16"))


def test_in_the_hubs_cache_the_next_step_is_to_fetch_the_rest(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    stored = tmp_path / "hub" / "models--someone--wan"
    (stored / "refs").mkdir(parents=True)
    (stored / "refs" / "main").write_text("abc")
    shutil.copytree(folder, stored / "snapshots" / "abc")
    profile = wan(Path("someone/wan"))
    assert backends.missing(profile) == ""
    shutil.rmtree(stored / "snapshots" / "abc" / "vae")
    assert refused(profile).endswith("vae is missing: `hf download someone/wan` again fetches the rest")
    assert refused(wan(Path("someone/wan"), revision="v2")) == (
        "it needs revision v2 of someone/wan, and this machine has main: `hf download someone/wan --revision v2` "
        "fetches it, or set revision in the profile to one that is here"
    )


def test_a_file_that_is_cut_short_is_found_without_reading_it(folder: Path) -> None:
    (file,) = (folder / "vae").glob("*.safetensors")
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size - 100)
    assert f"{file} is cut short: the download was interrupted" in refused(wan(folder))


def test_pickles_and_the_checkpoints_own_code_are_refused(folder: Path) -> None:
    (file,) = (folder / "vae").glob("*.safetensors")
    torch.save(load_file(file), file.with_suffix(".bin"))
    file.unlink()
    assert refused(wan(folder)) == (
        f"{folder / 'vae'} has pickle weights only (diffusion_pytorch_model.bin), which can run code and are never "
        "loaded: name a checkpoint or revision that has *.safetensors"
    )
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(json.dumps(index | {"transformer": ["mine", "MineTransformer"]}))
    (folder / "transformer" / "mine.py").write_text("raise SystemExit")
    assert "mine.py is code that the checkpoint brings, which is never run: name" in refused(wan(folder))
    (folder / "model_index.json").write_text(json.dumps(index | {"_class_name": ["pipeline", "MyPipeline"]}))
    assert "names a pipeline of the checkpoint's own code, which is never run" in refused(wan(folder))
    (folder / "model_index.json").unlink()
    assert "has no model_index.json, so it is no checkpoint in diffusers' form" in refused(wan(folder))


def test_weights_of_another_shape_than_the_config_says(folder: Path) -> None:
    config = folder / "transformer" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"ffn_dim": 48}))
    with pytest.raises(RenderError, match="wan does not load: its weights are of another architecture than its config"):
        loading.load(wan(folder))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"call": {"guidance": 3}},
            r"takes no 'guidance', which the profile gives it \(call: guidance\); did you mean",
        ),
        ({"infill": "first_last"}, r"takes no 'image', which the profile gives it \(infill: first_last\)"),
        ({"infill": "mask", "pipeline": "WanImageToVideoPipeline"}, r"takes no 'video', .*\(infill: mask\)"),
        ({"source": {}}, r"takes no 'video', which the profile gives it \(source\): correct the profile, or install"),
        ({"references": {"by": "argument", "argument": "reference_images"}}, r"'reference_images', .*\(references\)"),
        ({"components": {"vea": {"class": "AutoencoderKLWan"}}}, r"'vea', .*\(components: vea\); did you mean 'vae'"),
        ({"pipeline": "WanPipelines"}, "has no WanPipelines; did you mean WanPipeline"),
    ],
)
def test_a_pipeline_that_changed_its_signature_is_told_before_weights_are_read(
    whole: Path, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        loading.load(wan(whole, **changes))


def test_a_role_of_a_profile_is_loaded_with_parts_of_either_library(whole: Path, tmp_path: Path) -> None:
    """The keyframes' network lies beside the profile; its parts are diffusers' and transformers', in subfolders."""
    base.save_animatediff(tmp_path)
    role = Keyframes.model_validate(
        {
            "pipeline": "StableDiffusionPipeline",
            "checkpoint": "image",
            "components": {
                "text_encoder": {"class": "CLIPTextModel", "checkpoint": "image", "subfolder": "text_encoder"},
                "vae": {"class": "AutoencoderKL", "dtype": "float16"},
                "scheduler": {"class": "DDIMScheduler", "settings": {"timestep_spacing": "trailing"}},
            },
        }
    )
    profile = wan(whole, keyframes=role.model_dump(by_alias=True)).model_copy(update={"folder": tmp_path})
    pipe = loading.load(role, profile)
    assert type(pipe).__name__ == "StableDiffusionPipeline"
    assert type(pipe.text_encoder).__name__ == "CLIPTextModel"
    assert pipe.vae.dtype == torch.float16
    assert pipe.scheduler.config.timestep_spacing == "trailing"
    assert backends.missing(profile) == ""
    shutil.rmtree(tmp_path / "image" / "unet")
    assert "image/unet is missing" in backends.missing(profile)


@pytest.mark.slow
def test_the_hubs_refusals_each_have_a_next_step(tmp_path: Path) -> None:
    said = fetched(tmp_path)
    assert said["someone/gated"] == (
        "renderer tiny: someone/gated is gated: accept its licence on its page on the hub, log in with "
        "`hf auth login`, and try again"
    )
    assert said["nobody/none"] == (
        "renderer tiny: the hub has no checkpoint nobody/none, or it is private: correct its name in the profile, or "
        "log in with `hf auth login`"
    )
    assert said["someone/plain@v9"] == (
        "renderer tiny: someone/plain has no revision 'v9': set revision in the profile to one its page lists"
    )
    assert said["someone/plain"].startswith("renderer tiny: someone/plain lacks a file that WanPipeline needs: ")
    assert said["unreachable"] == (
        "renderer tiny: the hub cannot be reached: `hf download someone/plain` on a machine that can, and copy its "
        "folder here"
    )


def fetched(folder: Path) -> dict[str, str]:
    """What is said of each checkpoint that a hub on this machine is asked for."""
    script = Path(__file__).with_name("fetched_alone.py")
    path = os.pathsep.join([os.environ.get("PYTHONPATH", ""), str(Path(__file__).parents[1])])
    run = subprocess.run(
        [sys.executable, str(script), str(folder / "home")],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
        cwd=folder,
    )
    said: dict[str, str] = json.loads(run.stdout.splitlines()[-1])
    return said

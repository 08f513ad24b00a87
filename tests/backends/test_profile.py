"""Profiles: shipped ones are sound, a project's come first, and what is wrong with one is said in a sentence."""

from pathlib import Path

import pytest

from storyforge import backends
from storyforge.backends.capabilities import capabilities
from storyforge.backends.models import DiffusersProfile
from storyforge.errors import InputError, RenderError

REMOTE = "backend: diffusers\nlicence: MIT\npipeline: WanPipeline\ncheckpoint: nobody/nothing\n"
INDEX = '{"_class_name": "WanPipeline"}'
ROWS = REMOTE + "clip: {frames: 121, fps: 24, size: [768, 512], ratio: 8}\nindices: rows\n"
CLIP = "clip: {frames: 81, fps: 16, size: [832, 480]}\n"


def test_the_shipped_renderers_load_and_say_what_they_need() -> None:
    found = {profile.name: profile for profile in backends.profiles()}
    assert {"toon", "wan-2.1-t2v-1.3b", "animatediff-sd15"} <= set(found)
    assert all(profile.licence and profile.about and profile.needs for profile in found.values())
    assert found["toon"].licence == "Apache-2.0"
    assert "references" in found["toon"].ignores
    assert "hf download Wan-AI/Wan2.1-T2V-1.3B-Diffusers" in backends.missing(found["wan-2.1-t2v-1.3b"])


def test_a_projects_profiles_hide_the_users_and_those_the_shipped(tmp_path: Path, own_home: Path) -> None:
    mine, projects = own_home / "config" / "storyforge" / "renderers", tmp_path / "renderers"
    for folder, licence in ((mine, "user"), (projects, "project")):
        (folder / "toon").mkdir(parents=True)
        (folder / "toon" / "profile.yaml").write_text(f"backend: toon\nlicence: {licence}\n")
        (folder / f"{licence}s.yaml").write_text(REMOTE + CLIP)
    assert backends.find("toon", tmp_path).licence == "project"
    assert backends.find("toon").licence == "user"
    assert {"users", "projects", "wan-2.1-t2v-1.3b"} <= {profile.name for profile in backends.profiles(tmp_path)}
    assert backends.find("renderers/projects.yaml", tmp_path).folder == projects


def test_an_unknown_renderer_is_told_with_the_nearest_and_all_there_are() -> None:
    with pytest.raises(InputError, match=r"no renderer 'ton': did you mean 'toon'\? There are allegro, .*, toon, "):
        backends.open("ton")
    with pytest.raises(InputError, match=r"none\.yaml: cannot read"):
        backends.open("none.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("backend: toon\nlicence: MIT\nspeed: 3\n", "speed: a profile has no such key"),
        ("backend: toons\nlicence: MIT\n", "backend: 'toons' is none of 'toon', 'diffusers'"),
        ("backend: toon\n", "licence: field required"),
        (REMOTE, "clip: field required"),
        (REMOTE + "clip: {frames: 0, fps: 16, size: [8, 480]}\n", "clip.frames: input should be greater than or equal"),
        (
            ROWS + "infill: conditions\nlevels: [112, 1]\n",
            "113 frames from one keyframe to the next are no clip of this",
        ),
        (
            ROWS + "infill: conditions\nlevels: [129, 1]\n",
            "130 frames from one keyframe to the next are no clip of this",
        ),
        (ROWS + "infill: mask\n", "indices: rows needs infill: conditions"),
        (ROWS + "infill: conditions\nlonger: windows\nwindows: {overlap: 8}\n", "indices: rows needs longer: chain"),
        (REMOTE + CLIP + "keeps: latents\nsound: true\n", "sound: true needs keeps: pictures, for a call that gives"),
        (
            REMOTE + CLIP + "sound: true\ncall: {frame_rate: 24.0}\n",
            "the call is told 24.0 frames a second, and clip.fps",
        ),
        (REMOTE + CLIP + "sound: true\n", "the call is not told of a rate, and clip.fps"),
        (REMOTE + CLIP + "sound: loud\n", "sound: input should be a valid boolean"),
        ("- toon\n", "a profile is a mapping"),
        ("backend: [toon\n", "this profile is not YAML"),
    ],
)
def test_mistakes_in_a_profile_name_the_file_and_the_key(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        backends.read(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)


WINDOWS = "longer: windows\nkeeps: latents\nclip: {frames: 81, fps: 16, size: [832, 480], ratio: 4}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("infill: first\nwindows: {overlap: 16}\n", "would see no picture but the first: give it levels"),
        ("infill: first\nwindows: {overlap: 24}\nlevels: [64, 1]\n", r"overlap by 24 are 56 apart: .*, not \[64, 1\]"),
        ("infill: first\nwindows: {overlap: 16, lead: 1}\nlevels: [64, 1]\n", "have no lead"),
        (
            "infill: first\nwindows: {overlap: 16}\nlevels: [64, 1]\nlayout: null\n",
            "latents and the layout",
        ),
        ("infill: first\nwindows: {overlap: 16}\nlevels: [64, 1]\nsource: {}\n", "take no source or control"),
        (
            "infill: first\nwindows: {overlap: 16}\nlevels: [64, 1]\nreferences: {by: argument, argument: seen}\n",
            r"take no references by argument \(seen\)",
        ),
        ("infill: first_last\nwindows: {overlap: 16}\nlevels: [64, 1]\n", r"the overlap one, not 81, \[64, 1\], 16"),
    ],
)
def test_windows_that_begin_at_pictures_fit_their_levels(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(REMOTE + WINDOWS + text)
    with pytest.raises(InputError, match=said):
        backends.read(path)
    for infill, overlap, step in (("first", 16, 64), ("first_last", 40, 40)):
        fits = f"infill: {infill}\nwindows: {{overlap: {overlap}}}\nlevels: [{step}, 1]\n"
        path.write_text(REMOTE + WINDOWS + fits)
        profile = backends.read(path)
        assert isinstance(profile, DiffusersProfile)
        assert capabilities(profile).whole
        assert not capabilities(profile.model_copy(update={"longer": "chain"})).whole


def test_the_profile_shown_in_the_pages_reads(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "renderers.md").read_text()
    path = tmp_path / "my-wan.yaml"
    path.write_text(page.split("```yaml\n")[1].split("```")[0])
    profile = backends.read(path)
    assert profile.name == "my-wan"
    assert profile.defaults.steps == 40


def test_a_checkpoint_is_found_beside_the_profile_or_in_the_hubs_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.yaml").write_text(REMOTE + CLIP)
    profile = backends.read(tmp_path / "one.yaml")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    assert (
        backends.missing(profile) == "it needs the checkpoint nobody/nothing: `hf download nobody/nothing` fetches it"
    )
    stored = tmp_path / "hub" / "models--nobody--nothing"
    (stored / "refs").mkdir(parents=True)
    (stored / "refs" / "main").write_text("abc\n")
    assert backends.missing(profile)
    (stored / "snapshots" / "abc").mkdir(parents=True)
    assert "model_index.json" in backends.missing(profile)
    (stored / "snapshots" / "abc" / "model_index.json").write_text(INDEX)
    assert backends.missing(profile) == ""
    (tmp_path / "nobody" / "nothing").mkdir(parents=True)
    (tmp_path / "nobody" / "nothing" / "model_index.json").write_text(INDEX)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "none"))
    assert backends.missing(profile) == ""


def test_opening_needs_no_weights_and_rendering_says_which_are_missing(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(REMOTE + CLIP)
    profile, backend = backends.open(str(tmp_path / "one.yaml"))
    assert profile.name == "one"
    assert backend.capabilities.clip_frames == 81
    with pytest.raises(RenderError, match="renderer one is not ready: it needs the checkpoint nobody/nothing"):
        _ = backend.fingerprint

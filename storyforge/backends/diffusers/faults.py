"""What goes wrong while a pipeline is loaded, each as one sentence with the next step."""

from collections.abc import Iterator
from contextlib import contextmanager
from re import search

from storyforge.backends.checkpoints import fetch
from storyforge.backends.models import DiffusersProfile, Network
from storyforge.errors import RenderError, StoryforgeError


@contextmanager
def told(profile: DiffusersProfile, network: Network) -> Iterator[None]:
    """Turns what diffusers, transformers, safetensors and the hub raise into a RenderError."""
    try:
        yield
    except (StoryforgeError, KeyboardInterrupt):
        raise
    except Exception as error:  # whatever a loader of 300 classes raises is one thing to the user
        raise RenderError(f"renderer {profile.name}: {sentence(error, network)}") from error


def sentence(error: BaseException, network: Network) -> str:
    """What the error means and what to do; the first cause that is known decides."""
    at, revision = network.checkpoint, network.revision
    for cause in _chain(error):
        names = {kind.__name__ for kind in type(cause).__mro__}
        if "GatedRepoError" in names:
            return (
                f"{_repository(cause, at)} is gated: accept its licence on its page on the hub, log in with "
                "`hf auth login`, and try again"
            )
        if "RevisionNotFoundError" in names:
            return f"{at} has no revision {revision or 'main'!r}: set revision in the profile to one its page lists"
        if "RepositoryNotFoundError" in names:
            return (
                f"the hub has no checkpoint {_repository(cause, at)}, or it is private: correct its name in the "
                "profile, or log in with `hf auth login`"
            )
        if "LocalEntryNotFoundError" not in names and "EntryNotFoundError" in names:
            return (
                f"{at} lacks a file that {network.pipeline} needs: {_short(cause)}; name another checkpoint or variant"
            )
        if names & {"ConnectionError", "ConnectError", "TransportError", "OfflineModeIsEnabled"}:
            return f"the hub cannot be reached: `{fetch(at, revision)}` on a machine that can, and copy its folder here"
        if "SafetensorError" in names:
            return f"a file of {at} is cut short or damaged ({_short(cause)}): fetch the checkpoint again"
        if isinstance(cause, ImportError | NameError):  # how diffusers meets a package that it takes for granted
            # transformers says it in words only: "Qwen2VLVideoProcessor requires the Torchvision library but ..."
            wanted = search(r"requires the (\w+) library", str(cause))
            package = cause.name or (wanted[1].lower() if wanted else "it names")
            return f"{network.pipeline} needs the Python package {package}: pip install {package} ({_short(cause)})"
        if type(cause).__name__ == "OutOfMemoryError":
            return (
                f"{at} does not fit into memory: set memory to {{offload: model}} or {{offload: leaf}} in its profile"
            )
    said = _short(error)
    if "Placeholder" in said:  # what transformers puts in the place of a processor without its package
        return f"{network.pipeline} needs the Python package torchvision: pip install torchvision"
    if "size mismatch" in said or "expected shape" in said:
        return f"{at} does not load: its weights are of another architecture than its config.json says: {said}"
    return f"{at} does not load: {said}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _repository(cause: BaseException, otherwise: str) -> str:
    """The repository that the hub spoke of, which may be a part's."""
    url = str(getattr(getattr(cause, "response", None), "url", ""))
    for marker in ("/api/models/", "//"):
        if marker in url:
            words = url.split(marker, 1)[1].split("/")
            words = words if marker == "/api/models/" else words[1:]
            if len(words) >= 2:
                return f"{words[0]}/{words[1].split('?')[0]}"
    return otherwise


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:300].rstrip(".")

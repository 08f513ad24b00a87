"""The table of docs/renderers.md from the shipped profiles: `python docs/renderers_table.py` writes it in place."""

from pathlib import Path

from storyforge.backends import DiffusersProfile, profiles
from storyforge.backends.models import Keyframes

PAGE = Path(__file__).parent / "renderers.md"
BEGIN, END = "<!-- table -->\n", "<!-- end of table -->\n"
LICENCES = {
    "Tencent Hunyuan Community: not for the EU, the UK and South Korea": "Tencent Hunyuan Community [1]",
    " (free below 10 million USD of revenue a year)": " [2]",
    ": no commercial use": " [3]",
    " (video model; free below 1 M USD revenue)": " [2]",
}
PICTURES = {
    "none": "-", "held": "held rows", "first": "first", "first_last": "first and last", "mask": "any frame, by mask",
    "inpaint": "any frame, by mask", "conditions": "any frame", "sparse": "any frame", "extend": "first",
}  # fmt: skip
ROWS = "any row's first frame"
LONGER = {"chain": "clip after clip", "windows": "windows", "extend": "its own loop"}


def table() -> str:
    """One row a profile."""
    rows = [
        "| renderer | licence of its weights | a clip | known pictures | longer shots | panels by | shown | offload |",
        "|---|---|---|---|---|---|---|---|",
    ]
    rows += [_row(profile) for profile in profiles() if isinstance(profile, DiffusersProfile)]
    return "\n".join(rows) + "\n"


def _row(profile: DiffusersProfile) -> str:
    licence = profile.licence
    for long, short in LICENCES.items():
        licence = licence.replace(long, short)
    clip = profile.clip
    painted = profile.keyframes if isinstance(profile.keyframes, Keyframes) else None
    panels = painted.pipeline.removesuffix("Pipeline") if painted else {"self": "itself", None: "-"}[profile.keyframes]
    refer = (painted and painted.references) or profile.references
    shown = f"{refer.most}, by {refer.by.replace('_', '-')}" if refer else "-"
    known = ROWS if profile.indices == "rows" else PICTURES[profile.infill]
    films = ["restyles films"] if profile.source else []
    films += [f"driven by {' or '.join(profile.control.kinds)}"] if profile.control else []
    cells = [
        f"`{profile.name}`", licence, f"{clip.frames} at {clip.fps:g}, {clip.size[0]}x{clip.size[1]}",
        "; ".join([known, *films]), LONGER[profile.longer], panels, shown, profile.memory.offload,
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def page(text: str) -> str:
    """The page with today's table in it."""
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

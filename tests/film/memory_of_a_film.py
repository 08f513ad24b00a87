"""A program: `memory_of_a_film.py FOLDER SHOTS` writes and keeps a film with dissolves and captions; its peak kB."""

import resource
import sys
from dataclasses import replace
from pathlib import Path

from moving_pictures import moving

from storyforge import film
from storyforge.cas import Store
from storyforge.storyboard import loads, resolve

folder, count = Path(sys.argv[1]), int(sys.argv[2])
lines = "".join(
    f"""
      - {{id: s{number}, seconds: 2, join: {join}, narration: "Shot number {number} has words."}}"""
    for number, join in enumerate(["cut", *["{kind: dissolve, seconds: 0.5}"] * (count - 1)])
)
resolved = resolve(
    loads(f"storyforge: 1\nsize: 640x360\nscenes:\n  - id: one\n    shots:{lines}\n", Path("b.yaml")).board
)
shot = folder / "shot.mp4"
film.write_shot(shot, moving(48, resolved.size), resolved.size, resolved.rate)
clip = replace(film.reader_clip(shot, "shot"), digest="shot")
store = Store(folder / f"store of {count}")
film.write(folder / "film.mp4", resolved, dict.fromkeys((one.id for one in resolved.shots), clip), store=store)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)  # noqa: T201

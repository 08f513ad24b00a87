"""Where a film comes from: a JSON file beside it that says it is AI-generated, and from what."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyforge.film.codec import part_of
from storyforge.resources import version

if TYPE_CHECKING:
    from storyforge.storyboard import Resolved

# IPTC's terms, the ones that C2PA manifests carry: made by a trained model, partly so, or put together by people
TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
MADE, PARTLY, GIVEN = "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "composite"


def provenance(
    path: Path | str,
    film: "Resolved",
    storyboard: str,
    renderers: Mapping[str, str],
    made_by: Mapping[str, str] | None = None,
    keys: Mapping[str, str] | None = None,
    missing: Sequence[str] = (),
    sound: Mapping[str, Any] | None = None,
) -> Path:
    """Writes film.provenance.json beside film.mp4: that it is AI-generated, unless every shot shows a source.

    storyboard is the digest of its text; renderers gives the fingerprint of each profile that made shots as it is now;
    made_by says of each shot what made it, then or now; keys gives what each shot's pictures are kept under; missing
    lists the shots that are placeholders; sound tells what is known of the soundtrack, None for a silent film. It holds
    no dates and no paths, so the same film has the same one.
    """
    target = Path(path)
    shots = [
        {
            "id": shot.id,
            **({"renderer": shot.renderer, "seed": shot.seed} if shot.shown is None else {}),
            **({"source": shot.shot.source} if shot.shot.source is not None else {}),
            **({"control": shot.shot.control.video} if shot.shown is None and shot.shot.control else {}),
            "frames": shot.frames,
            **({"made_by": made_by[shot.id]} if made_by and shot.id in made_by else {}),
            **({"key": keys[shot.id]} if keys and shot.id in keys and shot.id not in missing else {}),
            **({"missing": True} if shot.id in missing else {}),
        }
        for shot in film.shots
    ]
    made = {shot.shown is None for shot in film.shots}
    record: dict[str, Any] = {
        "ai_generated": True in made,
        "digital_source_type": TERMS + (PARTLY if len(made) == 2 else MADE if True in made else GIVEN),
        "made_with": f"storyforge {version()}",
        "title": film.board.title,
        "film": {"file": target.name, "sha256": _digest(target), "frames": film.frames, "rate": str(film.rate)},
        "size": list(film.size),
        "storyboard": storyboard,
        "renderers": dict(sorted(renderers.items())),
        "sound": dict(sound) if sound else None,
        "shots": shots,
    }
    out = target.with_name(f"{target.stem}.provenance.json")
    part = part_of(out)
    part.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(out)
    return out


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

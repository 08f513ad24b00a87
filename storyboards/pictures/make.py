"""Draws the pictures of documentary.yaml beside itself: `python storyboards/pictures/make.py [NAME ...]`."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import leaves
import wood
from oak import Season, view
from sheet import Sheet

GREENS = ((104, 150, 62), (122, 166, 70), (88, 134, 58))
SEASONS = {
    "january": Season(((150, 174, 206), (222, 214, 216), (240, 222, 206)), (150, 164, 184), (232, 238, 246), snow=True,
                      bark=(70, 60, 60), sun=(1480, 520, 40, (255, 226, 180))),
    "march": Season(((126, 168, 206), (214, 224, 220), (244, 232, 206)), (132, 152, 146), (142, 148, 92),
                    ((150, 110, 84), (132, 92, 78)), 0.4, 0.3, sun=(430, 420, 44, (255, 238, 190)),
                    flowers=((250, 250, 250), (246, 230, 120))),
    "april": Season(((112, 176, 222), (206, 232, 232), (238, 240, 214)), (126, 164, 130), (132, 172, 84),
                    ((196, 196, 92), (176, 190, 88), (206, 180, 96)), 0.9, 0.62, sun=(430, 300, 46, (255, 244, 200)),
                    flowers=((250, 232, 110), (255, 255, 255))),
    "may": Season(((84, 164, 224), (186, 226, 238), (232, 244, 224)), (112, 164, 122), (116, 168, 76),
                  ((134, 184, 74), (150, 196, 84), (116, 168, 70)), 1.0, 0.9, sun=(420, 210, 48, (255, 250, 214)),
                  flowers=((255, 255, 255), (240, 210, 80), (214, 160, 214))),
    "july": Season(((70, 146, 214), (170, 212, 232), (240, 236, 200)), (104, 152, 112), (150, 164, 80), GREENS, 1.0,
                   1.08, sun=(960, 90, 52, (255, 250, 210)), flowers=((232, 90, 70), (250, 236, 160))),
    "october": Season(((148, 168, 200), (238, 206, 168), (250, 224, 180)), (164, 146, 130), (156, 146, 84),
                      ((206, 140, 52), (190, 104, 44), (220, 172, 70), (164, 132, 58)), 0.92, 1.02,
                      fallen=((206, 140, 52), (176, 96, 44), (220, 172, 70)), sun=(1500, 560, 46, (255, 206, 140))),
    "november": Season(((150, 156, 166), (204, 204, 204), (220, 216, 210)), (160, 160, 162), (128, 124, 92),
                       ((150, 100, 54), (128, 84, 50)), 0.06, 0.95, mist=(222, 222, 222),
                       fallen=((150, 96, 50), (126, 80, 46), (172, 120, 62))),
    "december": Season(((16, 24, 58), (44, 62, 110), (98, 110, 150)), (46, 60, 96), (176, 190, 220), snow=True,
                       bark=(34, 32, 46), stars=420, sun=(470, 260, 40, (226, 232, 250))),
}  # fmt: skip


def pictures() -> dict[str, Callable[[], Sheet]]:
    """What draws each picture, by name."""
    near = (leaves.buds, leaves.opening, leaves.catkins, leaves.inside, leaves.colours, leaves.parting, leaves.acorns,
            leaves.seedling, wood.rings, wood.vessels, wood.under, wood.sap, wood.wheel)  # fmt: skip
    months = {name: partial(view, season) for name, season in SEASONS.items()}
    return months | {one.__name__: one for one in near}


if __name__ == "__main__":
    known = pictures()
    for name in sys.argv[1:] or known:
        known[name]().save(Path(__file__).with_name(f"{name}.webp"))

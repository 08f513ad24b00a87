"""Where each kind's features sit on its head, in units of the head's half width and half height."""

from dataclasses import dataclass

from storyforge.backends.toon.art.outline import points


@dataclass(frozen=True)
class Features:
    """Eyes at (+-eye_x, eye_y) of radius eye_r half heights; a muzzle at muzzle_y of half size wide x high."""

    eye_x: float
    eye_y: float
    eye_r: float
    eye_w: float  # width of an eye over its height
    muzzle: str  # snout, round, beak, nose, none
    muzzle_y: float
    wide: float
    high: float
    reach: float  # how far a snout or beak comes out, half widths
    mouth_y: float
    mouth_w: float
    iris: float = 0.76  # of the eye's radius


FEATURES = {
    "fox": Features(0.42, 0.10, 0.27, 0.80, "snout", -0.44, 0.44, 0.34, 0.52, -0.66, 0.26),
    "rabbit": Features(0.42, 0.12, 0.29, 0.78, "round", -0.40, 0.36, 0.27, 0.16, -0.60, 0.22),
    "bear": Features(0.36, 0.14, 0.22, 0.86, "round", -0.36, 0.44, 0.38, 0.30, -0.55, 0.28, 0.82),
    "cat": Features(0.42, 0.06, 0.29, 0.88, "round", -0.44, 0.34, 0.23, 0.14, -0.58, 0.24),
    "dog": Features(0.38, 0.16, 0.25, 0.84, "snout", -0.38, 0.44, 0.40, 0.42, -0.62, 0.30),
    "mouse": Features(0.38, 0.08, 0.26, 0.84, "snout", -0.44, 0.36, 0.30, 0.42, -0.68, 0.18, 0.86),
    "owl": Features(0.42, 0.10, 0.36, 0.96, "beak", -0.22, 0.15, 0.26, 0.18, -0.50, 0.15, 0.72),
    "bird": Features(0.42, 0.14, 0.27, 0.88, "beak", -0.26, 0.25, 0.30, 0.56, -0.40, 0.22, 0.84),
    "moth": Features(0.46, 0.06, 0.36, 0.86, "none", -0.50, 0.1, 0.1, 0.0, -0.52, 0.18, 0.84),
    "frog": Features(0.56, 0.64, 0.34, 0.96, "none", -0.20, 0.1, 0.1, 0.0, -0.36, 0.56, 0.70),
    "girl": Features(0.40, -0.04, 0.23, 0.82, "nose", -0.28, 0.1, 0.1, 0.1, -0.54, 0.22),
    "boy": Features(0.40, -0.04, 0.215, 0.84, "nose", -0.28, 0.1, 0.1, 0.1, -0.54, 0.24),
    "woman": Features(0.40, -0.02, 0.205, 0.86, "nose", -0.30, 0.1, 0.1, 0.1, -0.56, 0.24),
    "man": Features(0.40, 0.00, 0.19, 0.86, "nose", -0.30, 0.12, 0.12, 0.14, -0.58, 0.26),
    "robot": Features(0.42, 0.14, 0.28, 0.96, "none", -0.40, 0.1, 0.1, 0.0, -0.46, 0.30, 0.66),
    "dragon": Features(0.38, 0.24, 0.25, 0.84, "snout", -0.34, 0.50, 0.38, 0.48, -0.62, 0.34),
}

HALVES = {  # right halves of heads, from the top of the middle line to its bottom
    "fox": points("0 .96  .40 .90  .74 .64  .93 .22  1.02 -.12  1.16 -.42  .88 -.60  .52 -.84  .2 -.97  0 -1"),
    "cat": points("0 .92  .42 .87  .76 .62  .96 .22  1.02 -.15  1.10 -.44  .82 -.68  .44 -.91  0 -.97"),
    "dog": points("0 .98  .42 .91  .74 .64  .90 .22  .94 -.2  .88 -.55  .60 -.87  .3 -1  0 -1.02"),
    "bear": points("0 .97  .42 .90  .78 .62  .97 .2  1.02 -.2  .95 -.55  .66 -.88  .33 -1  0 -1.02"),
    "rabbit": points("0 1  .40 .92  .70 .62  .88 .2  1 -.22  1 -.52  .74 -.85  .38 -1  0 -1.01"),
    "mouse": points("0 .95  .42 .88  .75 .6  .93 .2  1 -.2  .92 -.52  .64 -.84  .32 -1  0 -1.02"),
    "owl": points("0 0.84  0.36 0.88  0.74 1.24  0.86 0.74  1 0.12  0.96 -0.4  0.7 -0.86  0.35 -1.03  0 -1.06"),
    "frog": points("0 0.52  0.4 0.56  0.82 0.46  1.04 0.02  1.02 -0.42  0.74 -0.86  0.36 -1  0 -1.02"),
    "dragon": points("0 .95  .42 .88  .76 .6  .93 .2  .97 -.2  .88 -.52  .62 -.83  .3 -.98  0 -1"),
    "girl": points("0 1  .45 .91  .80 .60  .95 .2  .97 -.14  .90 -.48  .62 -.82  .28 -.99  0 -1.01"),
    "boy": points("0 1  .45 .91  .80 .60  .95 .2  .97 -.14  .90 -.48  .64 -.82  .3 -.99  0 -1.01"),
    "woman": points("0 1  .45 .91  .79 .60  .93 .2  .93 -.14  .83 -.5  .55 -.84  .24 -1  0 -1.03"),
    "man": points("0 1  .45 .91  .80 .60  .94 .2  .95 -.16  .88 -.5  .68 -.82  .36 -1  0 -1.04"),
}
ROUND = points("0 1  0.55 0.86  0.9 0.46  1 -0.02  0.87 -0.52  0.48 -0.9  0 -1")

"""A character, whole: its parts in order from back to front, and the shadow under it."""

import math

from storyforge.backends.toon import anatomy
from storyforge.backends.toon.art import clothes, hair, heads, limbs, tails, torsos
from storyforge.backends.toon.art import props as things
from storyforge.backends.toon.art.light import Light
from storyforge.backends.toon.art.look import PLAIN, lit
from storyforge.backends.toon.art.outline import place
from storyforge.backends.toon.art.pen import Pen, line_width
from storyforge.backends.toon.raster import Canvas, Path
from storyforge.backends.toon.state import Puppet

SIT, SLEEP, FLY = 4, 8, 11  # of rig.ACTIONS
SHADOW = Path().ellipse(0.0, 0.0, 1.0)


def shadow(canvas: Canvas, puppet: Puppet, light: Light = PLAIN) -> None:
    """The soft shadow on the ground: two ellipses, smaller and paler the higher the character is over it."""
    body = anatomy.body(puppet.who)
    feet = puppet.joints[[anatomy.ANKLE, anatomy.ANKLE + 1, anatomy.HIP], 0]
    low = float(puppet.joints[[anatomy.ANKLE, anatomy.ANKLE + 1], 1].min()) - anatomy.ANKLE_HEIGHT
    over = max(0.0, (puppet.y - puppet.ground) / puppet.size + max(low, 0.0))
    fade = 1.0 / (1.0 + 2.2 * over)
    middle = 0.5 * (float(feet.min()) + float(feet.max()))
    lying = puppet.actions[SLEEP]
    wide = (1.05 * body.belly + 0.35 * (float(feet.max()) - float(feet.min())) + 0.02) * (1.0 + 0.9 * lying)
    if lying > 0.05:
        middle += lying * (float(puppet.joints[anatomy.HEAD, 0]) - middle) * 0.35
    x, y = puppet.x + middle * puppet.size, puppet.ground - 0.004 * puppet.size
    r, g, b, a = light.shadow
    for grow, strength in ((1.25, 0.45), (0.85, 0.65)):
        s = grow * (0.7 + 0.3 * fade) * puppet.size
        canvas.path(SHADOW, (r, g, b, a * strength * fade), matrix=place(x, y, wide * s, 0.20 * wide * s))


def draw(canvas: Canvas, puppet: Puppet, light: Light = PLAIN) -> None:
    """Draws a character in world units, y up, with what it holds."""
    body, colours = anatomy.body(puppet.who), lit(puppet.who, light)
    pixels = math.hypot(canvas.matrix[0], canvas.matrix[1]) * puppet.size
    pen = Pen(canvas, colours, puppet, body, line_width(pixels), math.sin(puppet.turn))
    far = 1 if puppet.turn >= 0 else 0
    near = 1 - far
    with canvas.group(place(puppet.x, puppet.y, puppet.size)):
        tails.wings(pen)
        tails.tail(pen)
        if puppet.who.kind == "dragon":
            tails.spikes(pen)
        clothes.behind(pen)
        hair.behind(pen)
        seated = max(puppet.actions[SIT], puppet.actions[SLEEP]) > 0.5
        limbs.arm(pen, far, True)
        limbs.leg(pen, far, True)
        if not seated:
            limbs.leg(pen, near, False)
        torsos.draw(pen)
        if seated:
            limbs.leg(pen, near, False)
        clothes.body(pen)
        clothes.neck(pen)
        if _low(pen, near):
            _hold(pen, light)
            limbs.arm(pen, near, False)
            heads.draw(pen)
        else:
            heads.draw(pen)
            _hold(pen, light)
            limbs.arm(pen, near, False)


def _low(pen: Pen, index: int) -> bool:
    """Whether a hand is below the head, so that the head is drawn over the shoulder."""
    joints = pen.puppet.joints
    chin = float(joints[anatomy.HEAD, 1]) - 0.70 * pen.body.head_y
    return float(joints[anatomy.HAND + index, 1]) < chin or pen.puppet.actions[SLEEP] > 0.5


def _hold(pen: Pen, light: Light) -> None:
    """What is in its hand, drawn under the hand and over the body."""
    puppet = pen.puppet
    held = puppet.held
    if held is None:
        return
    x, y, s = puppet.x, puppet.y, 1.0 / puppet.size
    with pen.canvas.group((s, 0.0, 0.0, s, -x * s, -y * s)):
        things.draw(pen.canvas, held, light)

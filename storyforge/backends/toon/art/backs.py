"""Characters seen from behind: the back of a head, shoulders and what is worn on them; no face."""

import math

from storyforge.backends.toon import anatomy
from storyforge.backends.toon.art import clothes, ears, faces, hair, heads, limbs, tails, torsos
from storyforge.backends.toon.art.light import Light
from storyforge.backends.toon.art.look import PLAIN, lit
from storyforge.backends.toon.art.outline import place
from storyforge.backends.toon.art.pen import Pen, line_width
from storyforge.backends.toon.raster import Canvas, Path
from storyforge.backends.toon.state import Puppet

SEAM = Path().move(0.0, 0.88).line(0.0, -0.2)


def draw(canvas: Canvas, puppet: Puppet, light: Light = PLAIN) -> None:
    """Draws a character from behind in world units, y up; it looks into the picture, as far aside as its head turns."""
    body, colours = anatomy.body(puppet.who), lit(puppet.who, light)
    colours = colours | {"ear": colours["coat-"]}  # the outside of an ear is furred
    pixels = math.hypot(canvas.matrix[0], canvas.matrix[1]) * puppet.size
    pen = Pen(canvas, colours, puppet, body, line_width(pixels), 0.0)
    who = puppet.who
    with canvas.group(place(puppet.x, puppet.y, puppet.size)):
        for index in (0, 1):
            limbs.arm(pen, index, False)
        person = who.kind in anatomy.PERSON
        matrix = torsos.frame(pen)
        pen.part(torsos.outline(who.kind), "shirt" if person else "coat", "shirt|" if person else "coat|", matrix)
        pen.fill(torsos.shaded(who.kind, -1), "shirt-" if person else "coat-", matrix)
        if who.wears in ("coat", "dress"):
            _dress(pen)
        tails.wings(pen)
        if who.wears == "cape":
            clothes.behind(pen)
        _collar(pen)
        _head(pen)


def _dress(pen: Pen) -> None:
    """A coat or a dress: no buttons, a seam down its middle."""
    matrix = torsos.frame(pen, 1.08)
    pen.part(torsos.outline(pen.puppet.who.kind), "wear", "wear|", matrix)
    pen.fill(torsos.shaded(pen.puppet.who.kind, -1), "wear-", matrix)
    pen.stroke(SEAM, "wear-", 2.2 * pen.line / pen.body.belly, matrix)


def _collar(pen: Pen) -> None:
    """What goes around the neck: a scarf's ring, a cape's collar, a moth's ruff."""
    who, joints = pen.puppet.who, pen.puppet.joints
    x, y, _ = joints[anatomy.CHEST].tolist()
    if who.wears in ("scarf", "cape"):
        width = max(pen.body.shoulder * 1.15, 0.54 * pen.body.head_x)
        ring = place(x, y, width, 0.068 if who.wears == "scarf" else 0.040)
        pen.part(clothes.RING, "wear", "wear|", ring)
        pen.stroke(clothes.WRAP, "wear|", 1.8 * pen.line / width, ring)
    elif who.kind == "moth":
        ears.ruff(pen, (x, y))


def _head(pen: Pen) -> None:
    """The back of the head: ears, skull, and the hair that covers it."""
    puppet = pen.puppet
    kind = puppet.who.kind
    x, y, _ = puppet.joints[anatomy.HEAD].tolist()
    turn = max(-1.0, min(1.0, puppet.head_turn / 0.85))
    step = heads.step_of(-turn)  # what is the near cheek from before is the far one from behind
    feel = faces.expression(pen)
    size = place(0.0, 0.0, pen.body.head_x, pen.body.head_y)
    with pen.canvas.group(place(x, y, 1.0, 1.0, puppet.head_roll)):
        ears.behind(pen, -turn, feel)
        if kind in anatomy.PERSON:
            hair.ears(pen, -turn)
        pen.part(heads.skull(kind, step), "coat", "coat|", size)
        pen.fill(heads.skull_shade(kind, step), "coat-", size)
        ears.before(pen, -turn, feel)
        if kind in anatomy.PERSON:
            hair.nape(pen, turn)
        if puppet.who.wears == "hat":
            clothes.hat(pen, -turn)

"""What is asked of a render: the takes that are known, the cast that is shown, and the wishes that follow from both."""

from pathlib import Path
from typing import NamedTuple

from storyforge.cas import Journal, Store
from storyforge.production.acting import Actors
from storyforge.production.ancestry import Ancestry
from storyforge.production.cast import Cast
from storyforge.production.order import Order
from storyforge.production.renderers import Renderers
from storyforge.production.takes import Takes
from storyforge.production.wishes import Wishes


class Asked(NamedTuple):
    """The three, made for one another."""

    takes: Takes
    cast: Cast
    wishes: Wishes


def asked(
    actors: Actors, home: Path, renderers: Renderers, order: Order, store: Store, journal: Journal | None,
    verify: bool = False,
) -> Asked:  # fmt: skip
    """What an order asks of the actors' film; home: the storyboard's folder. verify: as for Takes."""
    known = journal and Ancestry(store, journal, home, renderers, actors.voice, order.draft)
    today = known.today if known else None
    takes = Takes(store, journal, order.upgrade, verify, order.draft, today)
    cast = Cast(actors.resolved, home, takes, order.recast)
    return Asked(takes, cast, Wishes(actors.resolved, cast, renderers, actors))

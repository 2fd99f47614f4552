"""The further records of a made-up council, which agree with the cases and posts written before them."""

from __future__ import annotations

from sightline.framework import Council
from synthetic.known import Known
from synthetic.support_care import write_support_care
from synthetic.support_practice import Records
from synthetic.support_send import write_support_send
from synthetic.support_staff import write_support_staff
from synthetic.support_standard import write_support_standard
from synthetic.support_views import write_support_views
from synthetic.world import World


def write_further(world: World, council: Council) -> None:
    """Fill the tables that need the whole council; the rows of the others stay as they are."""
    known = Known(world, council)
    write_support_care(world, known)
    write_support_staff(world, council)
    write_support_send(world, known)
    write_support_standard(world, known)
    Records(world, known, council).write()
    write_support_views(world, known, council)

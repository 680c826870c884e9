"""The guild of a rehearsal."""

from __future__ import annotations

from bot.embedded.guild.world import World, invented_world


def default_world(seed: int = 1, *, performers: int = 4, coordinators: int = 1) -> World:
    """Return a guild for a rehearsal: performers, one audience rater, one bystander and coordinators.

    Only coordinators have the role "Coordinator". A second coordinator changes no id and no name.
    """
    parts = ["performer"] * performers + ["audience", "bystander"] + ["coordinator"] * coordinators
    return invented_world(seed, parts, roles={"coordinator": "Coordinator"}, bot_name="Promptbook")

"""The guild of a rehearsal."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.embedded.guild.world import Channel, Permission, World, invented_world

FOYER_ID: Final = 310847562918374001
"""Another voice channel, into which a moderator moves the bot."""

_MODERATION: Final = Permission.DEAFEN_MEMBERS | Permission.MUTE_MEMBERS | Permission.MOVE_MEMBERS


def default_world(seed: int = 1, *, performers: int = 4, coordinators: int = 1) -> World:
    """Return a guild for a rehearsal: performers, one audience rater, one bystander and coordinators.

    Only coordinators have the role "Coordinator". A second coordinator changes no id and no name.
    """
    parts = ["performer"] * performers + ["audience", "bystander"] + ["coordinator"] * coordinators
    return invented_world(seed, parts, roles={"coordinator": "Coordinator"}, bot_name="Promptbook")


def moderated_world(seed: int = 1, *, performers: int = 4) -> World:
    """Return a guild whose coordinator may also mute, deafen and move others, with a second voice channel."""
    plain = default_world(seed, performers=performers)
    (role,) = plain.roles
    return replace(
        plain,
        roles=(replace(role, permissions=int(_MODERATION)),),
        channels=(*plain.channels, Channel(FOYER_ID, "Foyer", "voice")),
    )

"""Who coordinates in a guild, known without asking the store: a Cut cannot wait for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is on a server when they press: may they manage it, and what roles they have, by id with name.

    `deleted_role_id` is a chosen role that the server does not have any more.
    """

    manages_guild: bool
    roles: Mapping[int, str]
    guild_roles: frozenset[int]


@dataclass(frozen=True, slots=True)
class Coordinators:
    """Everyone with Manage Server, and with the role that the server chose; else with a role of the default's name."""

    chosen_role_id: int | None
    default_role_name: str

    def include(self, standing: Standing) -> bool:
        """Whether somebody coordinates. A chosen role that was deleted counts as none chosen."""
        if standing.manages_guild:
            return True
        if self.chosen_role_id is not None and self.chosen_role_id in standing.guild_roles:
            return self.chosen_role_id in standing.roles
        return self.default_role_name in standing.roles.values()

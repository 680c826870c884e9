"""Who coordinates in a guild, known without asking the store: Cut must not wait for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person may do on a server when they press: whether they can manage it, and their roles (names by id).

    `guild_roles` are the ids of all roles that the server has at that moment.
    """

    manages_guild: bool
    roles: Mapping[int, str]
    guild_roles: frozenset[int]


@dataclass(frozen=True, slots=True)
class Coordinators:
    """Everyone with Manage Server or the role that the server chose; if it chose none, a role of the default name."""

    chosen_role_id: int | None
    default_role_name: str

    def include(self, standing: Standing) -> bool:
        """Whether this person coordinates. A chosen role that was deleted counts as not chosen."""
        if standing.manages_guild:
            return True
        if self.chosen_role_id is not None and self.chosen_role_id in standing.guild_roles:
            return self.chosen_role_id in standing.roles
        return self.default_role_name in standing.roles.values()

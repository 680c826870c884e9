"""Who and what a page names: accounts, channels, roles, and the moment at which it is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class NotInPicture(Exception):
    """A message holds something that the renderer does not know; it is never left out silently."""


@dataclass(frozen=True, slots=True)
class Names:
    """Display names by Discord id, without @ or #. `now_unix` is when the page is looked at, for "in 5 seconds"."""

    now_unix: int
    accounts: Mapping[int, str] = field(default_factory=dict[int, str])
    channels: Mapping[int, str] = field(default_factory=dict[int, str])
    roles: Mapping[int, str] = field(default_factory=dict[int, str])

    def account(self, discord_id: int) -> str:
        """An account's name; NotInPicture for a stranger."""
        return _known(self.accounts, discord_id, "account")

    def channel(self, discord_id: int) -> str:
        """A channel's name; NotInPicture for one that is not there."""
        return _known(self.channels, discord_id, "channel")

    def role(self, discord_id: int) -> str:
        """A role's name; NotInPicture for one that is not there."""
        return _known(self.roles, discord_id, "role")


def _known(names: Mapping[int, str], discord_id: int, kind: str) -> str:
    if discord_id not in names:
        raise NotInPicture(f"Nobody knows the {kind} {discord_id}.")
    return names[discord_id]

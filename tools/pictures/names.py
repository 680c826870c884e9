"""The names on a page: accounts, channels, roles; and the moment at which the page is seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class NotInPicture(Exception):
    """A message has something that the renderer does not know. It is never left out silently."""


@dataclass(frozen=True, slots=True)
class Names:
    """Display names by Discord id, without @ or #. `now_unix` is when the page is seen, for "in 5 seconds"."""

    now_unix: int
    accounts: Mapping[int, str] = field(default_factory=dict[int, str])
    channels: Mapping[int, str] = field(default_factory=dict[int, str])
    roles: Mapping[int, str] = field(default_factory=dict[int, str])

    def account(self, discord_id: int) -> str:
        """Return an account's name. Raises NotInPicture for a stranger."""
        return _known(self.accounts, discord_id, "account")

    def channel(self, discord_id: int) -> str:
        """Return a channel's name. Raises NotInPicture if it does not exist."""
        return _known(self.channels, discord_id, "channel")

    def role(self, discord_id: int) -> str:
        """Return a role's name. Raises NotInPicture if it does not exist."""
        return _known(self.roles, discord_id, "role")


def _known(names: Mapping[int, str], discord_id: int, kind: str) -> str:
    if discord_id not in names:
        raise NotInPicture(f"There is no name for the {kind} {discord_id}.")
    return names[discord_id]

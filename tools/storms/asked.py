"""What people have asked for in an evening, noted without the bot and compared with what it does."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.consent import Consented, changes
from bot.domain.ids import GuildId, SceneId, SessionId, UserId
from bot.domain.permission import consented
from bot.domain.standing import ConsentEvent
from bot.services.consent.consent_requests import ConsentWish
from tests.evening import CHANNEL, GUILD, PERFORMERS

Recorded = tuple[Path, float]
"""A recording, by its folder and its first moment: sound checks share a folder."""


class PromiseBroken(Exception):
    """The bot did what someone had asked it not to do, or did not do what it was asked for; the text says what."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause that a coordinator asked for at a monotonic moment and that no one has ended."""

    session_id: SessionId
    at: float


@dataclass(slots=True)
class Server:
    """One server with its voice channel, and what was asked for there.

    `stopped` are the scenes that an X-card ended, `silenced` the recordings that ran when one was pressed. `gone` are
    those whose consent ended during a recording.
    """

    guild_id: GuildId
    channel_id: int
    people: set[UserId] = field(default_factory=lambda: set(PERFORMERS))
    pause: Pause | None = None
    stopped: set[SceneId] = field(default_factory=set[SceneId])
    silenced: set[Recorded] = field(default_factory=set[Recorded])
    gone: set[tuple[Recorded, UserId]] = field(default_factory=set[tuple[Recorded, UserId]])


def two_servers() -> tuple[Server, Server]:
    """Two servers with the same people, so that a form sent on one always finds what runs on the other.

    Discord would let each account be in one of the voice channels at a time.
    """
    return Server(GUILD, CHANNEL), Server(GuildId(GUILD + 1), CHANNEL + 1)


class Forms:
    """The consent forms that people sent, and what is in force after them."""

    def __init__(self) -> None:
        self._log: defaultdict[UserId, list[ConsentEvent]] = defaultdict(list)

    def send(self, user: UserId, guild_id: GuildId, wish: ConsentWish) -> None:
        """Someone sends a form on a server."""
        asked = changes(self.of(user, guild_id), wish.wanted, guild_id, everywhere=wish.everywhere)
        at = f"{len(self._log[user]):06d}"
        self._log[user] += [ConsentEvent(one.guild_id, one.scope, one.action, at) for one in asked]

    def of(self, user: UserId, guild_id: GuildId) -> Consented:
        """What someone consents to on a server according to their last form."""
        return consented(self._log[user], guild_id, "9")

"""The guild of the embedded Discord: its people, their permissions, and the account that the bot logs in with.

Plain data, written to JSON for the embedded Discord and read by scripts and tests. Ids are 18-digit snowflakes and
names are invented from syllables. Both are drawn from the seed, so that a search of any file for an id or a name
finds only what came from this world.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag
from pathlib import Path
from typing import Any, Literal

from bot.embedded.guild.inventor import Inventor

ChannelKind = Literal["text", "voice", "stage"]


class Permission(IntFlag):
    """The permission bits that make a difference here (Discord's documentation, "Permissions")."""

    KICK_MEMBERS = 1 << 1
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    MUTE_MEMBERS = 1 << 22
    DEAFEN_MEMBERS = 1 << 23
    MOVE_MEMBERS = 1 << 24
    CHANGE_NICKNAME = 1 << 26
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_EVENTS = 1 << 33
    CREATE_EVENTS = 1 << 44


EVERYONE_PERMISSIONS = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.CONNECT
    | Permission.SPEAK
    | Permission.USE_APPLICATION_COMMANDS
)

BOT_PERMISSIONS = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.CONNECT
    | Permission.SPEAK
    | Permission.CHANGE_NICKNAME
    | Permission.CREATE_EVENTS
)
"""The permissions that the bot asks for when it is invited."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the guild; `permissions` are `Permission` bits granted everywhere."""

    role_id: int
    name: str
    permissions: int = 0


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What one channel grants or denies to one role or member, in addition to the roles' permissions."""

    target_id: int
    target: Literal["role", "member"]
    allow: int = 0
    deny: int = 0


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel; a voice or stage channel has a text chat of its own under the same id.

    `user_limit` is the largest number of people in a voice channel, 0 for any number.
    """

    channel_id: int
    name: str
    kind: ChannelKind
    overwrites: tuple[Overwrite, ...] = ()
    user_limit: int = 0


@dataclass(frozen=True, slots=True)
class Profile:
    """What Discord knows about one person of the guild, and their part: a word by which a script finds its people."""

    user_id: int
    name: str
    part: str
    role_ids: tuple[int, ...] = ()
    accepts_dms: bool = True


@dataclass(frozen=True, slots=True)
class BotAccount:
    """The bot's account. Its permissions come as a managed role, its privileged intents as gateway bits."""

    user_id: int
    application_id: int
    role_id: int
    name: str
    token: str
    permissions: int = int(BOT_PERMISSIONS)
    privileged_intents: int = 0
    is_invited: bool = True


@dataclass(frozen=True, slots=True)
class World:
    """One guild with its channels, its people and the bot; ids and names were drawn from `seed`.

    Discord moves people who are idle to the channel `afk_channel_id`, if there is one.
    `interaction_upload_bytes` is what Discord accepts in answers to interactions (`attachment_size_limit`).
    """

    seed: int
    guild_id: int
    guild_name: str
    owner_id: int
    everyone_permissions: int
    roles: tuple[Role, ...]
    channels: tuple[Channel, ...]
    people: tuple[Profile, ...]
    bot: BotAccount
    afk_channel_id: int | None = None
    interaction_upload_bytes: int = 10 * 1024 * 1024

    def with_part(self, part: str) -> tuple[Profile, ...]:
        """Return everyone who plays this part, in the world's order."""
        return tuple(person for person in self.people if person.part == part)

    def of_kind(self, kind: ChannelKind) -> tuple[Channel, ...]:
        """Return the channels of a kind, in the world's order."""
        return tuple(channel for channel in self.channels if channel.kind == kind)

    def to_json(self) -> str:
        """Return the world as a JSON document. `from_json` reads it back to an equal world."""
        return json.dumps(dataclasses.asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> World:
        """Read a world. Raises KeyError or TypeError if a field is missing or unknown."""
        data: dict[str, Any] = json.loads(text)
        return cls(
            **data
            | {
                "roles": tuple(Role(**role) for role in data["roles"]),
                "channels": tuple(_channel_from(channel) for channel in data["channels"]),
                "people": tuple(
                    Profile(**person | {"role_ids": tuple(person["role_ids"])}) for person in data["people"]
                ),
                "bot": BotAccount(**data["bot"]),
            }
        )

    def write(self, path: Path) -> None:
        """Write the world to a file."""
        path.write_text(self.to_json(), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> World:
        """Read a world from a file that `write` wrote."""
        return cls.from_json(path.read_text(encoding="utf-8"))


def _channel_from(data: dict[str, Any]) -> Channel:
    overwrites: Any = tuple(Overwrite(**overwrite) for overwrite in data["overwrites"])
    return Channel(**data | {"overwrites": overwrites})


def invented_world(
    seed: int,
    parts: Sequence[str],
    *,
    roles: Mapping[str, str] | None = None,
    permissions: Mapping[str, int] | None = None,
    bot_name: str = "Bot",
) -> World:
    """Return a guild with one person per entry of `parts`, a text channel, a voice channel and the bot.

    Everything is drawn from `seed`. `roles` maps a part to the name of a role that everyone with this part has, and
    `permissions` a part to what this role grants. The guild's owner is not one of these people, because an owner may
    do everything. Another part at the end changes no earlier id and no earlier name.
    """
    invent = Inventor(seed)
    grants = permissions or {}
    role_of = {part: Role(invent.snowflake(), name, grants.get(part, 0)) for part, name in (roles or {}).items()}
    people = tuple(
        Profile(invent.snowflake(), invent.name(), part, (role_of[part].role_id,) if part in role_of else ())
        for part in parts
    )
    bot_id = invent.snowflake()
    return World(
        seed=seed,
        guild_id=invent.snowflake(),
        guild_name=invent.name(),
        owner_id=invent.snowflake(),
        everyone_permissions=int(EVERYONE_PERMISSIONS),
        roles=tuple(role_of.values()),
        channels=(
            Channel(invent.snowflake(), "general", "text"),
            Channel(invent.snowflake(), "Stage", "voice"),
        ),
        people=people,
        bot=BotAccount(bot_id, bot_id, invent.snowflake(), bot_name, invent.bot_token(bot_id)),
    )

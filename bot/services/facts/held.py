"""What is held about a person, for their own eyes: numbers, consents and lines, on every server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.consent import Scope
from bot.domain.ids import GuildId, UserId
from bot.domain.limits import Limits
from bot.services.facts.consents import ConsentsInForce
from bot.services.facts.limits import LimitsInForce
from bot.store.attendance import count_attended
from bot.store.database import Database
from bot.store.held import HeldBeside, HeldThere, held_about, held_beside
from bot.store.people import find_person
from bot.store.sign_ups import count_sign_ups, wants_no_reminders
from bot.store.targets_seen import count_seen

_NOTHING_BESIDE = HeldBeside(0, 0, 0)


@dataclass(frozen=True, slots=True)
class HeldAbout:
    """What is held about one account: its pseudonym, its limits, and by server what is there and consented
    to.

    `attended` is in how many sessions that can be rated it was in the channel, `seen` in how many of them it was shown
    what was dealt, `signed_up` to how many scheduled ones it has answered, and `is_unreminded` whether it wants no
    reminders. An account of which nothing else is known has no pseudonym.
    """

    pseudonym: str | None
    attended: int
    seen: int
    signed_up: int
    is_unreminded: bool
    limits: Limits
    there: Mapping[GuildId, HeldThere]
    consents: Mapping[GuildId, frozenset[Scope]]
    beside: HeldBeside = _NOTHING_BESIDE


@dataclass(frozen=True, slots=True)
class Held:
    """What is held about people."""

    database: Database
    consents: ConsentsInForce
    limits: LimitsInForce

    async def about(self, discord_user_id: UserId) -> HeldAbout | None:
        """Return what is held about an account; None if it is unknown here."""
        person = await find_person(self.database, discord_user_id)
        attended = await count_attended(self.database, discord_user_id)
        seen = await count_seen(self.database, discord_user_id)
        signed_up = await count_sign_ups(self.database, discord_user_id)
        unreminded = await wants_no_reminders(self.database, discord_user_id)
        if person is None:
            is_known = attended or seen or signed_up or unreminded
            return HeldAbout(None, attended, seen, signed_up, unreminded, Limits(), {}, {}) if is_known else None
        there = {one.guild_id: one for one in await held_about(self.database, person.person_id)}
        guilds = there.keys() | {one for one in await self.consents.guilds_of(discord_user_id) if one is not None}
        consents = {guild_id: await self.consents.of(discord_user_id, guild_id) for guild_id in guilds}
        limits = await self.limits.of(discord_user_id)
        beside = await held_beside(self.database, person.person_id)
        return HeldAbout(person.pseudonym, attended, seen, signed_up, unreminded, limits, there, consents, beside)

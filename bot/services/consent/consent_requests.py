"""What people ask for on the consent form: it takes effect first, and is stored then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.consent import TO_PERFORM, Action, ConsentChange, ConsentText, Scope, changes
from bot.domain.errors import ConsentIncomplete, DataFileInvalid, DataFileUnknown
from bot.domain.ids import GuildId, UserId
from bot.live.asked import CONSENT, asked_in
from bot.live.ports import Clock
from bot.live.promises import Promise, Promises
from bot.live.sessions import LiveSessions
from bot.services.library import Library
from bot.services.panel.panels import Panels
from bot.store.consents import append_consents, consents_of, last_consent_at, last_wording
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.people import ensure_person, find_person
from bot.store.sessions import open_session_of
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ConsentWish:
    """What a person ticked: `wanted` on the server they are on, or `everywhere`, on every server of this bot."""

    wanted: frozenset[Scope]
    is_adult: bool
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class ConsentOutcome:
    """What a request changed. `is_incomplete`: something was to be granted, and the person did not say they are 18."""

    changed: tuple[ConsentChange, ...]
    is_incomplete: bool


@dataclass(frozen=True, slots=True)
class ConsentRequests:
    """What people ask for on the consent form."""

    database: Database
    library: Library
    clock: Clock
    promises: Promises
    live: LiveSessions
    panels: Panels

    def ask_now(self, guild_id: GuildId, discord_user_id: UserId, wish: ConsentWish) -> Promise:
        """Take a request in; it waits for nothing. What it takes away counts with the next packet.

        The promise is kept with a ConsentOutcome once the store has it.
        """
        if not wish.wanted >= TO_PERFORM:
            self.live.withdraw(discord_user_id, guild_id)
        facts: dict[str, Any] = {
            "user": discord_user_id,
            "guild": guild_id,
            "everywhere": wish.everywhere,
            "wanted": " ".join(sorted(wish.wanted)),
            "adult": wish.is_adult,
            "at": self.clock.now(),
        }
        promise = self.promises.make(CONSENT, facts | self._wording())
        for session in self.live:
            self.panels.changed(session.session_id)
        return promise

    async def ask(
        self,
        guild_id: GuildId,
        discord_user_id: UserId,
        wanted: frozenset[Scope],
        *,
        is_adult: bool,
        everywhere: bool = False,
    ) -> tuple[ConsentChange, ...]:
        """`ask_now`, until the store has it; returns what changed. ConsentIncomplete if nothing could be granted."""
        promise = self.ask_now(guild_id, discord_user_id, ConsentWish(wanted, is_adult, everywhere))
        return changes_of(await promise.kept)

    async def store(self, facts: Mapping[str, Any]) -> ConsentOutcome:
        """Keep a request. Withdrawing needs nothing, not even a readable text; granting needs both text and age."""
        now = str(facts["at"])
        async with self.database.transaction() as tx:
            asked = changes(
                await consents_of(tx, facts["user"], facts["guild"]),
                asked_in(facts).wanted,
                facts["guild"],
                everywhere=facts["everywhere"],
            )
            changed = [change for change in asked if facts["adult"] or change.action is not Action.GRANT]
            if await _is_outdated(tx, facts):
                changed = [change for change in changed if change.action is not Action.GRANT]
            if changed:
                await self._append(tx, facts, changed, now)
        if any(change.guild_id is None for change in changed) and not asked_in(facts).wanted >= TO_PERFORM:
            self.live.withdraw(facts["user"], None)
        for session in self.live:
            self.panels.changed(session.session_id)
        return ConsentOutcome(tuple(changed), len(changed) < len(asked) and not facts["adult"])

    async def _append(self, tx: Transaction, facts: Mapping[str, Any], changed: list[ConsentChange], now: str) -> None:
        person = await ensure_person(tx, facts["user"], now)
        session = await open_session_of(tx, facts["guild"])
        is_granting = any(change.action is Action.GRANT for change in changed)
        wording = self._agreed(facts) if is_granting else await last_wording(tx, person.person_id)
        assert wording is not None, "what is withdrawn was given by a wording"
        await append_consents(tx, person.person_id, changed, wording, now)
        for change in changed:
            await log_event(
                tx,
                "consent_granted" if change.action is Action.GRANT else "consent_withdrawn",
                now,
                session_id=session.session_id if session else None,
                person_id=person.person_id,
                scope=change.scope.value,
            )

    def _wording(self) -> dict[str, Any]:
        try:
            text = self.library.consent_text()
        except (DataFileInvalid, DataFileUnknown):
            return {}
        return {"version": text.version, "sha256": text.sha256, "locale": text.locale}

    def _agreed(self, facts: Mapping[str, Any]) -> ConsentText:
        if "sha256" not in facts:
            return self.library.consent_text()
        return ConsentText(facts["version"], facts["sha256"], facts["locale"], "")


def changes_of(outcome: ConsentOutcome) -> tuple[ConsentChange, ...]:
    """What a stored request changed. ConsentIncomplete if something was to be granted and could not be."""
    if outcome.is_incomplete:
        raise ConsentIncomplete("age")
    return outcome.changed


async def _is_outdated(tx: Transaction, facts: Mapping[str, Any]) -> bool:
    """A request that a power cut brought back in the journal must grant nothing that was taken back since."""
    person = await find_person(tx, facts["user"]) if facts.get("recalled") else None
    newest = await last_consent_at(tx, person.person_id) if person else None
    return newest is not None and newest > facts["at"]

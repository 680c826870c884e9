"""What people ask for on the consent form: it takes effect first and is stored afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.consent import Action, ConsentChange, ConsentText, Scope, changes
from bot.domain.errors import ConsentIncomplete, PromptbookError
from bot.domain.events.catalogue import ConsentGranted, ConsentWithdrawn
from bot.domain.ids import GuildId, UserId
from bot.live.asked import CONSENT, asked_in
from bot.live.ports import Clock, timestamp
from bot.live.promises import Promise, Promises
from bot.live.sessions import LiveSessions
from bot.services.access.guild_settings import Guilds
from bot.services.facts.library import Library
from bot.services.panel.panels import Panels
from bot.store.consents import append_consents, consents_of, last_consent_at, last_wording
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.people import ensure_person, find_person
from bot.store.sessions import open_session_of
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ConsentWish:
    """What a person ticked: the scopes `wanted`, on their server or, with `everywhere`, on every server of this bot."""

    wanted: frozenset[Scope]
    is_adult: bool
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class ConsentOutcome:
    """What a request changed, and why it gave nothing if it should have given something and could not."""

    changed: tuple[ConsentChange, ...]
    refusal: PromptbookError | None = None


@dataclass(frozen=True, slots=True)
class ConsentRequests:
    """What people ask for on the consent form."""

    database: Database
    library: Library
    clock: Clock
    promises: Promises
    live: LiveSessions
    panels: Panels
    guilds: Guilds

    def ask_now(self, guild_id: GuildId, discord_user_id: UserId, wish: ConsentWish) -> Promise:
        """Accept a request without waiting for anything. What it withdraws counts from the next packet.

        The promise is kept, with a ConsentOutcome, once the store has it.
        """
        facts: dict[str, Any] = {
            "user": discord_user_id,
            "guild": guild_id,
            "everywhere": wish.everywhere,
            "wanted": " ".join(sorted(wish.wanted)),
            "adult": wish.is_adult,
            "at": timestamp(self.promises.moment(self.clock.wall())),
            **self._wording(guild_id),
        }
        self.live.ask(discord_user_id, asked_in(facts))
        promise = self.promises.make(CONSENT, facts)
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
        """`ask_now`, and wait until the store has it. Returns what changed; raises why nothing could be given."""
        promise = self.ask_now(guild_id, discord_user_id, ConsentWish(wanted, is_adult, everywhere))
        return changes_of(await promise.kept)

    async def store(self, facts: Mapping[str, Any]) -> ConsentOutcome:
        """Store a request. A withdrawal needs nothing, not even a readable text; a grant needs both text and age."""
        user, asked = facts["user"], asked_in(facts)
        async with self.database.transaction() as tx:
            before = await consents_of(tx, user, asked.guild_id)
            changed = changes(before, asked.wanted, asked.guild_id, everywhere=asked.everywhere)
            if await _is_outdated(tx, facts):
                changed = [change for change in changed if change.action is not Action.GRANT]
            given = self._agreed(facts) if any(change.action is Action.GRANT for change in changed) else None
            if isinstance(given, PromptbookError):
                changed = [change for change in changed if change.action is not Action.GRANT]
            if changed:
                await self._append(tx, facts, changed, given if isinstance(given, ConsentText) else None)
            stored = {one: await consents_of(tx, user, one.guild_id) for one in self.live}
        for session, consented in stored.items():
            session.consents_are(user, consented)
        for session in self.live:
            self.panels.changed(session.session_id)
        return ConsentOutcome(tuple(changed), given if isinstance(given, PromptbookError) else None)

    async def _append(
        self, tx: Transaction, facts: Mapping[str, Any], changed: list[ConsentChange], given: ConsentText | None
    ) -> None:
        now = str(facts["at"])
        person = await ensure_person(tx, facts["user"], now)
        session = await open_session_of(tx, facts["guild"])
        wording = given or await last_wording(tx, person.person_id)
        assert wording is not None, "what is withdrawn was given with a wording"
        await append_consents(tx, person.person_id, changed, wording, now)
        for change in changed:
            await log_event(
                tx,
                ConsentGranted(change.scope) if change.action is Action.GRANT else ConsentWithdrawn(change.scope),
                now,
                session_id=session.session_id if session else None,
                person_id=person.person_id,
            )

    def _wording(self, guild_id: GuildId) -> dict[str, Any]:
        """The text that the person agrees to; empty if it cannot be read, which must not prevent a withdrawal."""
        try:
            text = self._texts(guild_id).consent_text()
        except (PromptbookError, OSError):
            return {}
        return {"version": text.version, "sha256": text.sha256, "locale": text.locale}

    def _texts(self, guild_id: GuildId) -> Library:
        return self.library.in_language(self.guilds.language_in(guild_id))

    def _agreed(self, facts: Mapping[str, Any]) -> ConsentText | PromptbookError:
        """The wording with which something is given, or the reason why nothing can be given."""
        if not facts["adult"]:
            return ConsentIncomplete("age")
        if "sha256" in facts:
            return ConsentText(facts["version"], facts["sha256"], facts["locale"], "")
        try:
            return self._texts(facts["guild"]).consent_text()
        except PromptbookError as unreadable:
            return unreadable


def changes_of(outcome: ConsentOutcome) -> tuple[ConsentChange, ...]:
    """What a stored request changed. Raises the reason if something that was to be given could not be given."""
    if outcome.refusal:
        raise outcome.refusal
    return outcome.changed


async def _is_outdated(tx: Transaction, facts: Mapping[str, Any]) -> bool:
    """Whether a request from the journal is older than the person's newest stored request.

    A power cut can bring back an entry that was done; it must not grant what was withdrawn since then.
    """
    person = await find_person(tx, facts["user"]) if facts.get("recalled") else None
    newest = await last_consent_at(tx, person.person_id) if person else None
    # If both are equal, this very request is stored already.
    return newest is not None and newest >= facts["at"]

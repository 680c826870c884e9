"""What people ask for on the consent form: it takes effect first and is stored afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.consent import Action, ConsentChange, Consented, ConsentText, changes
from bot.domain.consent_terms import Scope, Terms, digest_of
from bot.domain.errors import ConsentIncomplete, ErasureUnderWay, PromptbookError
from bot.domain.events.catalogue import ConsentGranted, ConsentWithdrawn
from bot.domain.ids import GuildId, UserId
from bot.domain.permission import consented
from bot.domain.standing import must_ask, standings, suspended
from bot.live.asked import CONSENT, asked_in, written
from bot.live.ports import Clock, timestamp
from bot.live.promises import Promise, Promises
from bot.live.sessions import LiveSessions
from bot.services.access.guild_settings import Guilds
from bot.services.facts.consent_texts import ConsentTexts
from bot.services.facts.library import Library
from bot.services.panel.panels import Panels
from bot.store.consents import append_consents, consents_of, events_among, last_consent_at, last_wording
from bot.store.database import Database
from bot.store.erasures import is_being_erased
from bot.store.events import log_event
from bot.store.operators import operator_of
from bot.store.people import ensure_person, find_person
from bot.store.sessions import open_session_of
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ConsentWish:
    """What a person ticked: the scopes `wanted`, on their server or, with `everywhere`, on every server of this bot.

    `shares` is the digest of the recipients whom the form named.
    """

    wanted: frozenset[Scope]
    is_adult: bool
    everywhere: bool = False
    shares: int = 0


@dataclass(frozen=True, slots=True)
class ConsentOutcome:
    """What a request changed, and why it gave nothing if it should have given something and could not.

    For the scopes in `earlier`, what was recorded before the person withdrew stays withdrawn. What is in `lacks` was
    wanted and is not in force, because a consent to it must say more.
    """

    changed: tuple[ConsentChange, ...]
    refusal: PromptbookError | None = None
    earlier: frozenset[Scope] = frozenset()
    lacks: frozenset[Scope] = frozenset()


@dataclass(frozen=True, slots=True)
class ConsentRequests:
    """What people ask for on the consent form."""

    database: Database
    library: Library
    texts: ConsentTexts
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
            "wanted": written(wish.wanted),
            "adult": wish.is_adult,
            "shares": wish.shares,
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
            now = self.clock.now()
            before = await consents_of(tx, user, asked.guild_id, now)
            changed = await self._changes(tx, facts, before)
            if await _is_outdated(tx, facts):
                changed = [change for change in changed if change.action is not Action.GRANT]
            given = None
            if any(change.action is Action.GRANT for change in changed):
                given = ErasureUnderWay() if await is_being_erased(tx, user) else self._agreed(facts)
            if isinstance(given, PromptbookError):
                changed = [change for change in changed if change.action is not Action.GRANT]
            if changed:
                await self._append(tx, facts, changed, given if isinstance(given, ConsentText) else None)
            stored = {one: await consents_of(tx, user, one.guild_id, now) for one in self.live}
            earlier = await _withdrawn_before(tx, user, asked.guild_id)
            lacks = asked.wanted - (await consents_of(tx, user, asked.guild_id, now)).here
        for session, there in stored.items():
            session.consents_are(user, there)
        for session in self.live:
            self.panels.changed(session.session_id)
        refusal = given if isinstance(given, PromptbookError) else None
        return ConsentOutcome(tuple(changed), refusal, earlier & {one.scope for one in changed}, lacks)

    async def _changes(self, tx: Transaction, facts: Mapping[str, Any], before: Consented) -> list[ConsentChange]:
        """The events that a request asks for. With a new text, what is in force is given once more.

        What is suspended and not wanted is withdrawn, so that no one can resume it.
        """
        user, asked = facts["user"], asked_in(facts)
        events = (await events_among(tx, [user]))[user]
        found = standings(events, asked.guild_id)
        texts = await self.texts.known(tx)
        renewed = {scope for scope, standing in found.items() if must_ask(standing, texts)}
        terms = {scope: standing.terms for scope, standing in found.items()}
        named = (await operator_of(tx, asked.guild_id)).named_recipients
        if named and facts.get("shares") == digest_of(named) and terms.get(Scope.SHARE_WITH_CLIENT) != Terms(named):
            renewed.add(Scope.SHARE_WITH_CLIENT)
            terms[Scope.SHARE_WITH_CLIENT] = Terms(named)
        changed = changes(
            before,
            asked.wanted,
            asked.guild_id,
            everywhere=asked.everywhere,
            renewed=frozenset(renewed),
            terms=terms,
        )
        ended = asked.wanted | {one.scope for one in changed}
        held = suspended(events, asked.guild_id)
        return changed + [ConsentChange(one, Action.WITHDRAW, held[one]) for one in Scope if one in held.keys() - ended]

    async def cover_earlier(self, guild_id: GuildId, discord_user_id: UserId) -> tuple[ConsentChange, ...]:
        """Give what is in force for what was recorded before the person withdrew, too. Returns what changed.

        Raises what reading the consent text raises.
        """
        text = self._texts(guild_id).consent_text()
        async with self.database.transaction() as tx:
            now = timestamp(self.promises.moment(self.clock.wall()))
            events = (await events_among(tx, [discord_user_id]))[discord_user_id]
            everywhere = consented(events, guild_id, now).everywhere
            changed = tuple(
                ConsentChange(scope, Action.GRANT, None if scope in everywhere else guild_id, True, one.terms)
                for scope, one in standings(events, guild_id).items()
                if one.refusal(None, now) is None and one.withdrawn_until is not None
            )
            if changed:
                facts = {"user": discord_user_id, "guild": guild_id, "at": now}
                await self._append(tx, facts, list(changed), text)
        return changed

    async def grant_with_terms(
        self, guild_id: GuildId, discord_user_id: UserId, scope: Scope, terms: Terms
    ) -> tuple[ConsentChange, ...]:
        """Give one consent on a server, limited by its terms, to someone who takes part there. Returns what changed.

        Nothing changes if the terms do not suffice, or if nothing else is in force. Raises what reading the consent
        text raises.
        """
        text = self._texts(guild_id).consent_text()
        async with self.database.transaction() as tx:
            now = timestamp(self.promises.moment(self.clock.wall()))
            before = await consents_of(tx, discord_user_id, guild_id, now)
            if not before.here or not terms.suffice(scope):
                return ()
            changed = (ConsentChange(scope, Action.GRANT, guild_id, terms=terms),)
            await self._append(tx, {"user": discord_user_id, "guild": guild_id, "at": now}, list(changed), text)
        return changed

    async def _append(
        self, tx: Transaction, facts: Mapping[str, Any], changed: list[ConsentChange], given: ConsentText | None
    ) -> None:
        now = str(facts["at"])
        person = await ensure_person(tx, facts["user"], now)
        session = await open_session_of(tx, facts["guild"])
        wording = given or await last_wording(tx, person.person_id)
        assert wording is not None, "what is withdrawn was given with a wording"
        await self.texts.keep_in(tx, now)
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


async def _withdrawn_before(tx: Transaction, user: UserId, guild_id: GuildId) -> frozenset[Scope]:
    """The scopes in force for which what was recorded before a withdrawal stays withdrawn."""
    found = standings((await events_among(tx, [user]))[user], guild_id)
    return frozenset(scope for scope, one in found.items() if one.ended is None and one.withdrawn_until is not None)


async def _is_outdated(tx: Transaction, facts: Mapping[str, Any]) -> bool:
    """Whether a request from the journal is older than the person's newest stored request.

    A power cut can bring back an entry that was done; it must not grant what was withdrawn since then.
    """
    person = await find_person(tx, facts["user"]) if facts.get("recalled") else None
    newest = await last_consent_at(tx, person.person_id) if person else None
    # If both are equal, this very request is stored already.
    return newest is not None and newest >= facts["at"]

"""Interludes: warm-up, voice try-out and debrief, in which nothing is recorded and no answer is kept.

They are in memory alone. After a restart, a session is in none.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random, choice

from bot.domain.casting.parts import choose_characters
from bot.domain.casting.voices import another_character
from bot.domain.characters import Character
from bot.domain.errors import NoInterlude, NoOtherVoice, SessionPaused, SoundCheckRunning, TakeRunning
from bot.domain.events.catalogue import InterludeBegun, InterludeEnded, VoiceTried
from bot.domain.ids import EventId, PersonId, UserId
from bot.domain.interludes import InterludeShown, first_shown, next_exercise
from bot.domain.permission import TO_RECORD
from bot.domain.states import Interlude
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.services.access.changes import Changes
from bot.services.facts.consents import ConsentsInForce
from bot.services.facts.library import Library
from bot.services.panel.panels import Panels
from bot.services.scene.cards import CHARACTERS
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.history import history_of, read_played
from bot.store.people import find_person
from bot.store.voices import refused_voices


@dataclass(frozen=True, slots=True)
class Interludes:
    """Begins and ends interludes, and shows people what is theirs in them."""

    database: Database
    clock: Clock
    library: Library
    consents: ConsentsInForce
    changes: Changes
    panels: Panels

    async def begin(self, session: LiveSession, kind: Interlude, seen: EventId | None = None) -> InterludeShown:
        """Begin an interlude, in place of another one. In a warm-up, this goes on to the next exercise.

        Raises TakeRunning, SoundCheckRunning or SessionPaused.
        """
        async with self.changes.to_change(session, seen):
            if session.take:
                raise TakeRunning
            if session.check:
                raise SoundCheckRunning
            if session.is_paused:
                raise SessionPaused
            texts, now = self.library.in_language(session.language).interludes(), session.interlude
            goes_on = now is not None and now.kind is kind is Interlude.WARM_UP
            shown = next_exercise(now, texts) if now and goes_on else first_shown(kind, texts)
            if not goes_on:
                async with self.database.transaction() as tx:
                    await log_event(tx, InterludeBegun(kind), self.clock.now(), session_id=session.session_id)
            # Nothing may be heard any more: not even a sound check that is being prepared.
            session.stop_check()
            session.show_interlude(shown)
        self.panels.changed(session.session_id)
        return shown

    async def finish(self, session: LiveSession, seen: EventId | None = None) -> None:
        """End the interlude. Raises NoInterlude if there is none."""
        async with self.changes.to_change(session, seen):
            shown = session.interlude
            if shown is None:
                raise NoInterlude
            async with self.database.transaction() as tx:
                await log_event(tx, InterludeEnded(shown.kind), self.clock.now(), session_id=session.session_id)
            session.end_interlude()
        self.panels.changed(session.session_id)

    def prompt(self, session: LiveSession) -> str:
        """Something to think about in a debrief, another one each time. That it was shown is noted nowhere."""
        return choice(self.library.in_language(session.language).interludes().prompts)  # noqa: S311 - it need not be reproducible

    async def voice_of(self, session: LiveSession, discord_user_id: UserId, *, another: bool = False) -> Character:
        """The character that a performer holds in this session, to try out; with `another`, one that no one holds.

        Raises ConsentMissing for those who do not consent to be recorded, NoInterlude if no voices are tried out now,
        and NoOtherVoice if every character is held.
        """
        async with self.changes.to_change(session):
            if session.interlude is None or session.interlude.kind is not Interlude.VOICES:
                raise NoInterlude
            await self.consents.require(discord_user_id, session.guild_id, TO_RECORD)
            person = await find_person(self.database, discord_user_id)
            assert person is not None, "a person with consent is in the store"
            held, given = await self._choose(session, person.person_id, another=another)
            if given.key != held:
                async with self.database.transaction() as tx:
                    event = VoiceTried(person.person_id, held, given.key)
                    await log_event(tx, event, self.clock.now(), session_id=session.session_id)
        return given

    async def _choose(self, session: LiveSession, person: PersonId, *, another: bool) -> tuple[str | None, Character]:
        """The key of the character that a performer holds, if any, and the one that they are to hold."""
        played = await read_played(self.database, session.guild_id, session.session_id)
        history, characters = (
            history_of(played, [person]),
            self.library.in_language(session.language).character_set(CHARACTERS),
        )
        held = history.characters.get(person)
        refused = await refused_voices(self.database, session.session_id)
        random = Random(f"{session.seed}/try-out/{person}/{len(refused)}")  # noqa: S311 - must be reproducible
        if another:
            found = another_character(characters, {*history.characters.values(), held or ""}, refused, random)
            if found is None:
                raise NoOtherVoice
            return held, found
        chosen = characters.find(choose_characters([person], characters, history, random)[person])
        assert chosen is not None, "it was chosen from the set"
        return held, chosen

"""Calibrations: the next performer reads, or the next group chats, before the first scene and after the last one."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from bot.domain.calibration import CalibrationTurn, calibration_turns
from bot.domain.casting.parts import choose_characters
from bot.domain.characters import Character
from bot.domain.errors import NothingToCalibrate, SessionPaused, TakeRunning, TooFewPerformers
from bot.domain.events.catalogue import CalibrationDealt
from bot.domain.ids import EventId, PersonId, UserId
from bot.domain.states import CalibrationVoice
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.services.access.changes import Changes, UnderWay
from bot.services.booth.booths import Booths
from bot.services.facts.consents import ConsentsInForce
from bot.services.facts.library import Library
from bot.services.panel.panels import Panels
from bot.services.scene.cards import CHARACTERS
from bot.store.calibrations import Calibration, add_calibration, calibrated, place_now
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.history import history_of, read_played
from bot.store.people import people_among
from bot.store.records import Scene


@dataclass(frozen=True, slots=True)
class PartDealt:
    """A part of the calibration, who is on stage in it, and how many parts follow for those present."""

    scene: Scene
    discord_user_ids: tuple[UserId, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Calibrations:
    """Deals the parts of a calibration. They are recorded like scenes, and no emotion is dealt."""

    database: Database
    clock: Clock
    library: Library
    consents: ConsentsInForce
    booths: Booths
    changes: Changes
    panels: Panels

    async def deal_next(self, session: LiveSession, seen: EventId | None = None) -> PartDealt:
        """Deal the next part that someone in the channel has not been recorded with. This ends the previous scene.

        Raises TakeRunning, SessionPaused, InterludeRunning, TooFewPerformers, and NothingToCalibrate if everyone here
        is done.
        """
        async with self.changes.to_change(session, seen) as under_way:
            if session.take:
                raise TakeRunning
            if session.is_paused:
                raise SessionPaused
            session.require_no_interlude()
            people = await self._people(session)
            place = await place_now(self.database, session.session_id)
            done = await calibrated(self.database, session.session_id, place)
            turns = calibration_turns(people.keys(), done)
            if not turns:
                raise NothingToCalibrate
            characters = await self._characters(session, turns[0], len(done))
            calibration = Calibration(
                turns[0], place, self.library.in_language(session.language).calibration(), characters
            )
            scene = await self._store(under_way, calibration)
        session.scene_is(scene.scene_id)
        self.panels.changed(session.session_id)
        return PartDealt(scene, tuple(people[person] for person in turns[0].performers), len(turns) - 1)

    async def _people(self, session: LiveSession) -> dict[PersonId, UserId]:
        """The accounts of those in the channel who consent to be recorded, by person."""
        booth = await self.booths.of(session)
        users = await self.consents.performers_among(booth.occupants(), session.guild_id)
        if not users:
            raise TooFewPerformers(0, 1)
        return {person: user for user, person in (await people_among(self.database, users)).items()}

    async def _characters(self, session: LiveSession, turn: CalibrationTurn, done: int) -> dict[PersonId, Character]:
        """The characters of those who speak in one: they hold it in all scenes of the evening."""
        if turn.voice is CalibrationVoice.OWN:
            return {}
        played = await read_played(self.database, session.guild_id, session.session_id)
        characters = self.library.in_language(session.language).character_set(CHARACTERS)
        random = Random(f"{session.seed}/calibration/{done}")  # noqa: S311 - must be reproducible
        chosen = choose_characters(turn.performers, characters, history_of(played, turn.performers), random)
        return {person: one for person, key in chosen.items() if (one := characters.find(key))}

    async def _store(self, under_way: UnderWay, calibration: Calibration) -> Scene:
        session, now, turn = under_way.session, self.clock.now(), calibration.turn
        async with self.database.transaction() as tx:
            under_way.require_no_pause()
            scene = await add_calibration(tx, session.session_id, calibration, now)
            await log_event(
                tx,
                CalibrationDealt(turn.part, turn.voice, calibration.place, len(turn.performers)),
                now,
                session_id=session.session_id,
                scene_id=scene.scene_id,
            )
        return scene

"""What a session is played with, as it was dealt. The data files may have been edited since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.ids import SceneId, SessionId
from bot.domain.instrument import Instrument
from bot.live.session import LiveSession
from bot.services.facts.library import Library
from bot.store.database import Database
from bot.store.materials import emotion_set_of_scene, emotion_sets_of_session, instrument_of_session


@dataclass(frozen=True, slots=True)
class Questions:
    """What raters are asked about the turns of a scene: the instrument's items, and which emotions they choose from."""

    instrument: Instrument
    emotions: EmotionSet


class Played(Protocol):
    """What of a session says which data files it was begun with. It can be open or ended."""

    session_id: SessionId
    emotion_set: str
    instrument: str
    language: str


@dataclass(frozen=True, slots=True)
class Dealt:
    """Reads what was dealt. What an earlier version dealt is not stored: for that, it reads the data files."""

    database: Database
    library: Library

    async def emotions(self, session: Played, scene_id: SceneId) -> EmotionSet:
        """The emotion set that a scene was dealt from: its cards, cues and ratings have no other words."""
        stored = await emotion_set_of_scene(self.database, scene_id)
        return stored or self._library(session).emotion_set(session.emotion_set)

    def _library(self, session: Played) -> Library:
        return self.library.in_language(session.language)

    def tonight(self, session: LiveSession) -> list[Emotion]:
        """The emotions that a session deals, in the order of its set; none if it deals the whole set."""
        keys = session.dealt_emotions
        return [one for one in self._library(session).emotion_set(session.emotion_set).emotions if one.key in keys]

    async def questions(self, session: Played, scene_id: SceneId) -> Questions:
        """What raters are asked about the turns of a scene."""
        return Questions(await self.instrument(session), await self.emotions(session, scene_id))

    async def instrument(self, session: Played) -> Instrument:
        """The instrument that a session is rated with."""
        stored = await instrument_of_session(self.database, session.session_id)
        return stored or self._library(session).instrument(session.instrument)

    async def labels(self, session: Played) -> dict[str, str]:
        """What the emotions that a session's scenes were dealt from are called, by their keys, in their order."""
        stored = await emotion_sets_of_session(self.database, session.session_id)
        found = stored or [self._library(session).emotion_set(session.emotion_set)]
        return {emotion.key: emotion.label for emotions in found for emotion in emotions.emotions}

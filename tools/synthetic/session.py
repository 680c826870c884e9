"""Sessions for export tests: a real database and real Ogg Opus tracks, in which each person hums at another pitch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bot.audio import sound
from bot.audio.sound import Samples
from bot.domain.answers import Answer
from bot.domain.consent import Action, ConsentChange, ConsentText
from bot.domain.consent_terms import NO_TERMS, Scope, Terms
from bot.domain.events.catalogue import TakeCut, TurnRated
from bot.domain.ids import GuildId, PersonId, SceneId, SessionId, TakeId, TurnId
from bot.domain.instrument import EMOTION_ITEM
from bot.domain.states import CutReason, FoundBy, TrialKind
from bot.home.places import Home
from bot.samples import SAMPLE_RATE_HZ
from bot.store.consents import append_consents
from bot.store.database import Database, open_database
from bot.store.events import log_event
from bot.store.transaction import Transaction
from bot.store.trials import Answering, Question, answer_trial, show_trial

GUILD_ID = GuildId(812345678901234567)
CHANNEL_ID = 812345678901234999
MESSAGE_ID = 1012345678901239999
FIRST_USER_ID = 912345678901230000

TAKE_S = 6
TURN_START_S, TURN_END_S = 1.0, 3.5
EMOTIONS = ("anger", "joy", "sadness", "fear")
NOW = "2026-11-22T19:30:00.000Z"

_TEXT = ConsentText("2026-1", "0" * 64, "en", "")
PERFORMER_SCOPES = (Scope.RECORD, Scope.STORE_AND_REVIEW, Scope.PEER_RATING, Scope.TRAIN_RECOGNITION)


def pitch_hz(person_id: int) -> float:
    """Return the pitch that a person hums: 200 Hz apart, so that a spectrum shows who is heard."""
    return 400.0 + 200.0 * person_id


def hum(person_id: int, seconds: float = TAKE_S, start_s: float = TURN_START_S, end_s: float = TURN_END_S) -> Samples:
    """Return silence with one swelling and falling hum from `start_s` to `end_s`."""
    t = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    inside = (t >= start_s) & (t < end_s)
    swell = 0.15 + 0.1 * np.sin(2 * np.pi * 3 * t)
    return (inside * swell * np.sin(2 * np.pi * pitch_hz(person_id) * t)).astype(np.float32)


@dataclass
class Troupe:
    """A home folder with a database, to which a test adds people, sessions and takes."""

    home: Home
    database: Database
    sessions: list[SessionId] = field(default_factory=list[SessionId])
    _rated: int = 0

    async def add_person(self, *scopes: Scope) -> PersonId:
        """Add a person with consent to some scopes."""
        async with self.database.transaction() as tx:
            count = await tx.fetch_value("SELECT count(*) FROM people") + 1
            row_id = await tx.insert(
                "people",
                discord_user_id=FIRST_USER_ID + count,
                pseudonym=f"spk_{count:08x}",
                created_at=NOW,
            )
            person_id = PersonId(row_id)
            await append_consents(
                tx, person_id, [ConsentChange(scope, Action.GRANT, GUILD_ID) for scope in scopes], _TEXT, NOW
            )
        return person_id

    async def grant(
        self,
        person_id: PersonId,
        scope: Scope,
        terms: Terms = NO_TERMS,
        *,
        now: str = NOW,
    ) -> None:
        """Give consent to one scope, limited by its terms."""
        async with self.database.transaction() as tx:
            change = ConsentChange(scope, Action.GRANT, GUILD_ID, terms=terms)
            await append_consents(tx, person_id, [change], _TEXT, now)

    async def withdraw(self, person_id: PersonId, *scopes: Scope) -> None:
        """Withdraw consent to some scopes."""
        async with self.database.transaction() as tx:
            changes = [ConsentChange(scope, Action.WITHDRAW, GUILD_ID) for scope in scopes]
            await append_consents(tx, person_id, changes, _TEXT, NOW)

    async def add_session(self, coordinator_id: PersonId) -> SessionId:
        """Add an ended session without scenes, with an event that says more than it should."""
        async with self.database.transaction() as tx:
            row_id = await tx.insert(
                "sessions",
                guild_id=GUILD_ID,
                voice_channel_id=CHANNEL_ID,
                coordinator_id=coordinator_id,
                deck="everyday",
                emotion_set="basic",
                instrument="core",
                seed=7,
                panel_message_id=MESSAGE_ID,
                started_at=NOW,
                ended_at=NOW,
            )
            session_id = SessionId(row_id)
            # As no version logs it: an export must leave out what it does not know.
            poison = {"user_id": FIRST_USER_ID + coordinator_id, "name": "Bartholomew", "reason": "Bartholomew asked"}
            await tx.insert(
                "events",
                session_id=session_id,
                person_id=coordinator_id,
                kind="scene_dealt",
                detail=json.dumps({"performers": 4, **poison}),
                happened_at=NOW,
            )
        self.sessions.append(session_id)
        return session_id

    async def add_take(
        self, session_id: SessionId, performers: Sequence[PersonId], *, state: str = "cut"
    ) -> dict[PersonId, TurnId]:
        """Add a scene with one take: a track and a turn for rating per performer. Returns turn ids by person."""
        async with self.database.transaction() as tx:
            number = 1 + await tx.fetch_value("SELECT count(*) FROM scenes WHERE session_id = ?", session_id)
            scene_id = await tx.insert(
                "scenes",
                session_id=session_id,
                number=number,
                prompt_id="lost_keys",
                prompt_title="Lost keys",
                prompt_text='Somebody has the keys, and\nnobody "has" them.',
                dealt_at=NOW,
            )
            for performer, emotion in zip(performers, cycle(EMOTIONS[number - 1 :] + EMOTIONS), strict=False):
                await tx.insert(
                    "castings",
                    scene_id=scene_id,
                    person_id=performer,
                    role="the neighbour",
                    character="slow-river",
                    target_emotion=emotion,
                    target_intensity=2,
                )
            take_id = await tx.insert(
                "takes",
                scene_id=scene_id,
                number=1,
                state=state,
                called_at=NOW,
                started_at=NOW,
                cut_at=NOW,
                cut_reason="coordinator",
                duration_samples=TAKE_S * SAMPLE_RATE_HZ,
            )
            await log_event(
                tx,
                TakeCut(CutReason.COORDINATOR, len(performers)),
                NOW,
                session_id=session_id,
                scene_id=SceneId(scene_id),
                take_id=TakeId(take_id),
            )
            return {
                performer: await self._add_track(tx, session_id, TakeId(take_id), performer) for performer in performers
            }

    async def rate(
        self, turn_id: TurnId, rater_id: PersonId, emotion: str, *, is_partner: bool = True, **scales: int
    ) -> None:
        """Add one rating of a turn."""
        answers = {"intensity": 2, "valence": 2, "arousal": 4, "authenticity": 3} | scales
        async with self.database.transaction() as tx:
            session_id = await self._answer(tx, TrialKind.TURN, turn_id, rater_id, is_partner, emotion, answers)
            await log_event(tx, TurnRated(turn_id), NOW, session_id=session_id, person_id=rater_id)

    async def rate_self(self, turn_id: TurnId, person_id: PersonId, emotion: str) -> None:
        """Add what the performer of a turn felt."""
        answers = {"intensity": 1, "valence": 4, "arousal": 3, "authenticity": 5}
        async with self.database.transaction() as tx:
            await self._answer(tx, TrialKind.OWN, turn_id, person_id, True, emotion, answers)

    async def _answer(
        self,
        tx: Transaction,
        kind: TrialKind,
        turn_id: TurnId,
        rater_id: PersonId,
        is_partner: bool,
        emotion: str,
        scales: dict[str, int],
    ) -> SessionId:
        """Add an answered trial whose clip no one knows when it was shown; return its session."""
        session_id = await tx.fetch_value(
            "SELECT session_id FROM turns JOIN tracks USING (track_id) JOIN takes USING (take_id) "
            "JOIN scenes USING (scene_id) WHERE turn_id = ?",
            turn_id,
        )
        asked = Question(session_id, kind, rater_id, turn_id, None, [EMOTION_ITEM, *scales])
        trial = await show_trial(tx, asked, is_partner=is_partner, now=NOW)
        answers = [Answer(EMOTION_ITEM, emotion), *(Answer(key, str(value)) for key, value in scales.items())]
        answering = Answering(is_partner, was_shown_prompt=False, shown_at=None, took_ms=None)
        await answer_trial(tx, trial.trial_id, answers, answering, now=NOW)
        return session_id

    async def _add_track(self, tx: Transaction, session_id: SessionId, take_id: TakeId, person_id: PersonId) -> TurnId:
        path = self.home.recordings / f"session{session_id}" / f"take{take_id}_{person_id}.opus"
        _write_track(path, person_id)
        track_id = await tx.insert(
            "tracks",
            take_id=take_id,
            person_id=person_id,
            path=self.home.relative(path),
            duration_samples=TAKE_S * SAMPLE_RATE_HZ,
            received_frames=300,
            concealed_frames=2,
            first_speech_samples=round(TURN_START_S * SAMPLE_RATE_HZ),
            speech_samples=round((TURN_END_S - TURN_START_S) * SAMPLE_RATE_HZ),
            turns_method="silero-1",
            last_turn_number=1,
        )
        turn_id = await tx.insert(
            "turns",
            track_id=track_id,
            number=1,
            start_samples=round(TURN_START_S * SAMPLE_RATE_HZ),
            end_samples=round(TURN_END_S * SAMPLE_RATE_HZ),
            clip_start_samples=round(TURN_START_S * SAMPLE_RATE_HZ),
            clip_end_samples=round(TURN_END_S * SAMPLE_RATE_HZ),
            is_for_rating=1,
            found_by=FoundBy.VOICE,
            method="silero-1",
        )
        return TurnId(turn_id)


@cache
def _encoded(person_id: int) -> bytes:
    with TemporaryDirectory() as folder:
        sound.write_ogg_opus(Path(folder, "hum.opus"), hum(person_id))
        return Path(folder, "hum.opus").read_bytes()


def _write_track(path: Path, person_id: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_encoded(person_id))


async def open_troupe(folder: Path) -> Troupe:
    """Create an empty home folder with an empty database."""
    home = Home(folder)
    return Troupe(home, await open_database(home))


async def play_evening(
    troupe: Troupe, performers: Sequence[PersonId], raters: Sequence[PersonId]
) -> dict[tuple[int, PersonId], TurnId]:
    """Play a session of two scenes in which all others rate every turn, on stage or not.

    Returns turns by (scene, person). Raters always recognise the first performer, and disagree about everyone else.
    Performers felt joy.
    """
    session_id = await troupe.add_session(performers[0])
    turns: dict[tuple[int, PersonId], TurnId] = {}
    for scene in (1, 2):
        for performer, turn_id in (await troupe.add_take(session_id, performers)).items():
            turns[scene, performer] = turn_id
            others = [person for person in (*performers, *raters) if person != performer]
            for rater, emotion in zip(others, cycle(EMOTIONS), strict=False):
                named = EMOTIONS[scene - 1] if performer == performers[0] else emotion
                await troupe.rate(turn_id, rater, named, is_partner=rater in performers)
            await troupe.rate_self(turn_id, performer, "joy")
    return turns

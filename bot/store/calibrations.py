"""Calibrations: rows of `scenes` in which no emotion is dealt, one for each part that is recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.calibration import FIRST_NUMBER, CalibrationText, CalibrationTurn, Done
from bot.domain.characters import Character
from bot.domain.ids import PersonId, SceneId, SessionId
from bot.domain.states import CalibrationPart, CalibrationPlace, CalibrationVoice, TakeKind
from bot.store.reader import Reader
from bot.store.records import Scene
from bot.store.scenes import get_scene
from bot.store.transaction import Transaction
from bot.store.words import character_columns

ROLES: Mapping[CalibrationPart, str] = {CalibrationPart.PASSAGE: "reader", CalibrationPart.CHAT: "speaker"}
"""What a performer is in each part."""

_DONE = """
    SELECT DISTINCT castings.person_id, calibration_part, calibration_voice
    FROM castings JOIN scenes USING (scene_id)
    WHERE session_id = ? AND calibration_place = ? AND (
        EXISTS (
            SELECT 1 FROM takes JOIN tracks USING (take_id)
            WHERE takes.scene_id = scenes.scene_id AND tracks.person_id = castings.person_id
              AND state = 'cut' AND struck_at IS NULL
        ) OR EXISTS (SELECT 1 FROM events WHERE kind = 'scene_stopped' AND events.scene_id = scenes.scene_id))
"""


@dataclass(frozen=True, slots=True)
class Calibration:
    """One part of a calibration: who says what, when in the evening, and the characters of those who have one in it."""

    turn: CalibrationTurn
    place: CalibrationPlace
    text: CalibrationText
    characters: Mapping[PersonId, Character]


async def add_calibration(tx: Transaction, session_id: SessionId, calibration: Calibration, now: str) -> Scene:
    """End the previous scene and add a part of a calibration with its performers."""
    await tx.execute("UPDATE scenes SET ended_at = ? WHERE session_id = ? AND ended_at IS NULL", now, session_id)
    counted = "SELECT count(*) FROM scenes WHERE session_id = ? AND kind = 'calibration'"
    turn, text = calibration.turn, calibration.text
    role = ROLES[turn.part]
    scene_id = await tx.insert(
        "scenes",
        session_id=session_id,
        number=FIRST_NUMBER + await tx.fetch_value(counted, session_id),
        prompt_id=f"calibration-{turn.part}-{text.name}",
        prompt_title=text.title_of(turn.part),
        prompt_text=text.words_of(turn.part, len(turn.performers)),
        roles=json.dumps([role]),
        tags="[]",
        pull="[]",
        dealt_at=now,
        kind=TakeKind.CALIBRATION,
        calibration_part=turn.part,
        calibration_voice=turn.voice,
        calibration_place=calibration.place,
    )
    for person in turn.performers:
        character = calibration.characters.get(person)
        columns = character_columns(character) | {"character": character and character.key}
        await tx.insert("castings", scene_id=scene_id, person_id=person, role=role, **columns)
    return await get_scene(tx, SceneId(scene_id))


async def calibrated(reader: Reader, session_id: SessionId, place: CalibrationPlace) -> set[Done]:
    """Return what performers of a session have been recorded with at this place in the evening.

    What an X-card stopped counts too: no one is asked to do it again.
    """
    rows = await reader.fetch_all(_DONE, session_id, place)
    return {(PersonId(person), CalibrationPart(part), CalibrationVoice(voice)) for person, part, voice in rows}


async def place_now(reader: Reader, session_id: SessionId) -> CalibrationPlace:
    """Return where in the evening a calibration is now: at the beginning until a scene has been played."""
    sql = (
        "SELECT EXISTS (SELECT 1 FROM takes JOIN scenes USING (scene_id) "
        "WHERE session_id = ? AND kind <> 'calibration' AND state = 'cut')"
    )
    is_later = await reader.fetch_value(sql, session_id)
    return CalibrationPlace.END if is_later else CalibrationPlace.BEGINNING

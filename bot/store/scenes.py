"""Scenes and their castings."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.domain.casting.deal import Arc, Casting, Deal, Materials
from bot.domain.characters import Character
from bot.domain.decks import Prompt
from bot.domain.emotions import EmotionSet
from bot.domain.ids import CastingId, SceneId, SessionId, UserId
from bot.domain.states import CueCause
from bot.samples import SAMPLE_RATE_HZ
from bot.store.materials import keep_emotion_set
from bot.store.reader import Reader
from bot.store.records import PerformerCasting, Scene
from bot.store.transaction import Transaction
from bot.store.words import character_columns, word_columns


@dataclass(frozen=True, slots=True)
class CuePlan:
    """How the arcs of a scene are cued: by 'time', within a scene of `scene_seconds`, or by the 'coordinator'."""

    cause: str
    scene_seconds: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A deal with what it was drawn from, the seed that it was drawn with, and how its arcs are cued."""

    deal: Deal
    materials: Materials
    seed: str
    cues: CuePlan


_CASTING = "SELECT castings.*, discord_user_id, pseudonym FROM castings JOIN people USING (person_id)"


async def count_scenes(reader: Reader, session_id: SessionId) -> int:
    """Return how many scenes a session has had, replays included. Calibrations have numbers of their own."""
    sql = "SELECT count(*) FROM scenes WHERE session_id = ? AND kind <> 'calibration'"
    return int(await reader.fetch_value(sql, session_id))


async def add_scene(tx: Transaction, session_id: SessionId, drawn: Drawn, now: str) -> Scene:
    """End the previous scene and add the next one with its castings, in the words of what it was dealt from."""
    await tx.execute("UPDATE scenes SET ended_at = ? WHERE session_id = ? AND ended_at IS NULL", now, session_id)
    number = 1 + await count_scenes(tx, session_id)
    columns = await _scene_columns(tx, drawn, now)
    scene_id = SceneId(await tx.insert("scenes", session_id=session_id, number=number, **columns))
    await _add_castings(tx, scene_id, drawn)
    return await get_scene(tx, scene_id)


async def redeal_scene(tx: Transaction, scene_id: SceneId, drawn: Drawn, now: str) -> Scene:
    """Give a scene without takes another prompt and other castings."""
    await tx.execute("DELETE FROM castings WHERE scene_id = ?", scene_id)
    # Who knew the previous prompt does not know this one.
    await tx.execute("DELETE FROM prompts_shown WHERE scene_id = ?", scene_id)
    columns = await _scene_columns(tx, drawn, now)
    settings = ", ".join(f"{name} = ?" for name in columns)
    sql = f"UPDATE scenes SET {settings} WHERE scene_id = ?"  # noqa: S608 - names from this module
    await tx.execute(sql, *columns.values(), scene_id)
    await _add_castings(tx, scene_id, drawn)
    return await get_scene(tx, scene_id)


async def override_casting(
    tx: Transaction,
    casting_id: CastingId,
    casting: Casting,
    emotions: EmotionSet,
    character: Character | None,
    cues: CuePlan,
) -> None:
    """Replace one performer's part with the coordinator's choice. Their card counts as unread again.

    `emotions` and `character` have the words for the card.
    """
    columns = part_columns(casting, emotions, character, cues)
    settings = ", ".join(f"{name} = ?" for name in columns)
    sql = f"UPDATE castings SET {settings}, is_overridden = 1, card_seen_at = NULL WHERE casting_id = ?"  # noqa: S608
    await tx.execute(sql, *columns.values(), casting_id)


async def change_character(tx: Transaction, casting_id: CastingId, character: Character) -> None:
    """Give a part another character, in the words that its file has now."""
    columns = character_columns(character)
    settings = ", ".join(f"{name} = ?" for name in columns)
    sql = f"UPDATE castings SET character = ?, {settings} WHERE casting_id = ?"  # noqa: S608 - names from this project
    await tx.execute(sql, character.key, *columns.values(), casting_id)


async def current_scene(reader: Reader, session_id: SessionId) -> Scene | None:
    """Return the scene that was dealt last; None if it has ended or no scene was dealt."""
    sql = "SELECT * FROM scenes WHERE session_id = ? AND ended_at IS NULL ORDER BY number DESC"
    return await reader.fetch_record(Scene, sql, session_id)


async def end_scene(tx: Transaction, scene_id: SceneId, now: str) -> None:
    """End a scene; does nothing if it has already ended."""
    await tx.execute("UPDATE scenes SET ended_at = coalesce(ended_at, ?) WHERE scene_id = ?", now, scene_id)


async def scene_was_stopped(reader: Reader, scene_id: SceneId) -> bool:
    """Whether an X-card stopped this scene."""
    sql = "SELECT count(*) FROM events WHERE kind = 'scene_stopped' AND scene_id = ?"
    return bool(await reader.fetch_value(sql, scene_id))


async def last_scene_was_stopped(reader: Reader, session_id: SessionId) -> bool:
    """Whether an X-card stopped the scene that was dealt last; False before the first scene."""
    last = await reader.fetch_value("SELECT max(scene_id) FROM scenes WHERE session_id = ?", session_id)
    return last is not None and await scene_was_stopped(reader, last)


async def get_scene(reader: Reader, scene_id: SceneId) -> Scene:
    """Return the scene with an id from another table. Raises LookupError if there is none."""
    scene = await reader.fetch_record(Scene, "SELECT * FROM scenes WHERE scene_id = ?", scene_id)
    if scene is None:
        raise LookupError(f"No scene has the id {scene_id}.")
    return scene


async def castings_of(reader: Reader, scene_id: SceneId) -> list[PerformerCasting]:
    """Return all castings of a scene, in the order in which they were dealt."""
    return await reader.fetch_records(PerformerCasting, f"{_CASTING} WHERE scene_id = ? ORDER BY casting_id", scene_id)


async def casting_of(reader: Reader, scene_id: SceneId, discord_user_id: UserId) -> PerformerCasting | None:
    """Return what one account was dealt in a scene; None if it was dealt nothing."""
    sql = f"{_CASTING} WHERE scene_id = ? AND discord_user_id = ?"
    return await reader.fetch_record(PerformerCasting, sql, scene_id, discord_user_id)


async def mark_card_seen(tx: Transaction, casting_id: CastingId, now: str) -> None:
    """Store when a performer first looked at their card."""
    await tx.execute(
        "UPDATE castings SET card_seen_at = coalesce(card_seen_at, ?) WHERE casting_id = ?", now, casting_id
    )


async def voice_is_known(reader: Reader, session_id: SessionId, casting: PerformerCasting) -> bool:
    """Whether a performer has read the whole of their character's voice in an earlier scene of the session."""
    sql = """SELECT count(*) FROM castings JOIN scenes USING (scene_id)
             WHERE session_id = ? AND scene_id < ? AND person_id = ? AND character = ? AND card_seen_at IS NOT NULL"""
    return bool(await reader.fetch_value(sql, session_id, casting.scene_id, casting.person_id, casting.character))


async def _scene_columns(tx: Transaction, drawn: Drawn, now: str) -> dict[str, object]:
    return {
        **_prompt_columns(drawn.deal.prompt),
        "emotion_set_sha256": await keep_emotion_set(tx, drawn.materials.emotions),
        "seed": drawn.seed,
        "dealt_at": now,
    }


def _prompt_columns(prompt: Prompt) -> dict[str, object]:
    return {
        "prompt_id": prompt.prompt_id,
        "prompt_title": prompt.title,
        "prompt_text": prompt.text,
        "place": prompt.place or None,
        "relationship": prompt.relationship or None,
        "roles": json.dumps([role.text for role in prompt.roles], ensure_ascii=False),
        "tags": json.dumps(sorted(prompt.tags), ensure_ascii=False),
        "pull": json.dumps(sorted(prompt.pull)),
        "prompt_source": prompt.source,
        "not_emotions": json.dumps(sorted(prompt.not_emotions)),
    }


async def _add_castings(tx: Transaction, scene_id: SceneId, drawn: Drawn) -> None:
    emotions, characters = drawn.materials.emotions, drawn.materials.characters
    for casting in drawn.deal.castings:
        columns = part_columns(casting, emotions, characters.find(casting.character), drawn.cues)
        await tx.insert("castings", scene_id=scene_id, person_id=casting.person_id, **columns)


def part_columns(
    casting: Casting, emotions: EmotionSet, character: Character | None, cues: CuePlan
) -> dict[str, object]:
    """Return the columns of a part, with the words for its card: those of its emotions and of its character."""
    return {
        "role": casting.role,
        "want": casting.want or None,
        "character": casting.character,
        "target_emotion": casting.target_emotion,
        "target_intensity": casting.target_intensity,
        "direction_number": casting.direction,
        **_arc_columns(casting.arc, cues),
        **word_columns(casting, emotions, character),
    }


def _arc_columns(arc: Arc | None, cues: CuePlan) -> dict[str, object]:
    if arc is None:
        cue = {"cue_cause": None, "cue_after_samples": None}
        return {"second_emotion": None, "second_intensity": None, "second_direction_number": None, "shift": None, **cue}
    by_time = cues.cause is CueCause.TIME
    return {
        "second_emotion": arc.second_emotion,
        "second_intensity": arc.second_intensity,
        "cue_cause": cues.cause,
        "cue_after_samples": round(arc.share * cues.scene_seconds * SAMPLE_RATE_HZ) if by_time else None,
        "second_direction_number": arc.direction,
        "shift": arc.manner,
    }

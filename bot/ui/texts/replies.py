"""Answers to what people did, as text. Pure: results of services in, words out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.characters import Character
from bot.domain.emotions import Emotion, EmotionSet
from bot.services.cards import Card
from bot.services.notes import NoteWritten
from bot.services.scenes import SceneDealt
from bot.services.takes import TakeCalled, TakeCut
from bot.store.notes import Note
from bot.store.scenes import CastingRow
from bot.store.sessions import SessionCounts
from bot.store.takes import Take
from bot.ui.texts.words import INTENSITY_WORDS, count, low_disk_text, mentions, minutes

MOST_NOTE_TEXT = 1850
"""A message has 2,000 characters; this leaves room for what stands around the notes."""


def dealt_text(dealt: SceneDealt, *, is_anew: bool = False) -> str:
    """For the coordinator: who is on stage, and nothing of what they were dealt."""
    how = "is dealt anew, to" if is_anew else "is dealt to"
    standby = f" On standby: {mentions(dealt.on_standby)}." if dealt.on_standby else ""
    return (
        f"**Scene {dealt.scene.number}: {dealt.scene.prompt_title}** {how} {mentions(dealt.discord_user_ids)}. "
        f"Each finds their part with **My card** or `/card`. Start the take when they are ready.{standby}"
    )


def overridden_text(casting: CastingRow, emotions: EmotionSet) -> str:
    """For the coordinator who changed a part: what it is now."""
    emotion = emotions.find(casting.target_emotion)
    how = f", {INTENSITY_WORDS[casting.target_intensity]}" if emotion.has_degrees else ""
    arc = ""
    if casting.second_emotion:
        arc = f", and at the cue {emotions.find(casting.second_emotion).label.lower()}"
    return (
        f"<@{casting.discord_user_id}> now plays {emotion.label.lower()}{how}{arc}. "
        "They are asked to look at their card again; the change is logged."
    )


def card_text(card: Card) -> str:
    """For one performer's eyes only."""
    how = f", {INTENSITY_WORDS[card.casting.target_intensity]}" if card.emotion.has_degrees else ""
    where = f"**Place:** {card.scene.place}.\n" if card.scene.place else ""
    who = f"**Between you:** {card.scene.relationship}.\n" if card.scene.relationship else ""
    voice = _voice_text(card.character) if card.character else ""
    return (
        f"## Scene {card.scene.number}: {card.scene.prompt_title}\n{card.scene.prompt_text}\n\n{where}{who}"
        f"**You are** {card.casting.role}.\n"
        f"{voice}"
        f"**You feel** {card.emotion.label.lower()}{how}. {card.emotion.direction}\n"
        "-# Only you can see this. Do not say the emotion's name on stage."
    )


def _voice_text(character: Character) -> str:
    return (
        f"**Your voice is {character.name}**, who {character.temperament}. Hold it in every scene tonight.\n"
        f"> Pitch: {character.pitch}\n> Pace: {character.pace}\n> Texture: {character.texture}\n"
        f"> Quirk: {character.quirk}\n"
    )


def card_changed_text() -> str:
    """For a performer whose part was changed."""
    return "Your part has changed. Press **My card** again."


def cue_text(casting: CastingRow, emotion: Emotion) -> str:
    """For one performer's eyes only, in the middle of the scene: short enough for a glance."""
    intensity = casting.second_intensity
    how = f", {INTENSITY_WORDS[intensity]}" if emotion.has_degrees and intensity else ""
    return f"## ➡️ **Now:** {emotion.label.lower()}{how}\n{emotion.direction}"


def cued_text(told: int) -> str:
    """For the coordinator, after a cue."""
    return f"The cue is given: {count(told, 'performer')} told, privately."


def struck_text(take: Take, is_struck: bool) -> str:
    """For the coordinator who struck a take, or took it back."""
    if is_struck:
        return f"Take {take.number} is struck: kept on disk, not rated, not in the dataset. **Take back** undoes it."
    return f"Take {take.number} counts again."


def note_text(note: NoteWritten) -> str:
    """For whoever wrote a note: where it is kept."""
    if note.position_samples is not None:
        return f"Noted at {minutes(note.position_samples)} of take {note.take_number}, scene {note.scene_number}."
    return f"Noted for scene {note.scene_number}." if note.scene_number else "Noted for this session."


def notes_text(notes: Sequence[Note]) -> str:
    """For a coordinator: the newest notes of the session, as many as a message holds."""
    if not notes:
        return "No notes yet. Write one with **Note** or `/session note`."
    lines: list[str] = []
    for note in reversed(notes):
        line = f"- {_note_place(note)}{note.text}"
        if sum(map(len, lines)) + len(lines) + len(line) > MOST_NOTE_TEXT:
            lines.append(f"-# and {count(len(notes) - len(lines), 'older note')}, in the database")
            break
        lines.append(line)
    return "\n".join(["**Notes, the newest first**", *lines])


def _note_place(note: Note) -> str:
    if note.position_samples is not None:
        return f"scene {note.scene_number}, take {note.take_number}, {minutes(note.position_samples)}: "
    return f"scene {note.scene_number}: " if note.scene_number else ""


def end_question(session_id: int) -> str:
    """Asked of the coordinator before a session is ended."""
    return f"End session {session_id}? A running take is cut and kept, and the bot leaves the channel."


def called_text(called: TakeCalled) -> str:
    """For the coordinator: when it starts and who is not recorded."""
    when = f"in {called.countdown_seconds} seconds, <t:{round(called.starts_at_unix)}:R>"
    disk = "" if called.low_disk_bytes is None else f"\n{low_disk_text(called.low_disk_bytes)}"
    return f"Take {called.take.number} starts {when}.{_unrecorded(called.unrecorded_users)}{disk}"


def cut_text(cut: TakeCut) -> str:
    """For the coordinator: what was kept."""
    if not cut.duration_samples:
        return f"Take {cut.take.number} was cut in its countdown. Nothing was recorded."
    silent = f"\nNo sound came from {mentions(cut.silent_users)}." if cut.silent_users else ""
    return (
        f"Cut. Take {cut.take.number}: {minutes(cut.duration_samples)}, {count(cut.tracks, 'track')}, "
        f"{count(cut.turns_for_rating, 'turn')} to rate with **Rate** or `/rate`."
        f"{silent}{_unrecorded(cut.unrecorded_users, heard=True)}"
    )


def ended_text(session_id: int, counts: SessionCounts) -> str:
    """For the coordinator: what the evening brought."""
    return (
        f"**Session {session_id} is over.** {count(counts.scenes, 'scene')}, {count(counts.takes, 'take')}, "
        f"{count(counts.tracks, 'track')} ({minutes(counts.recorded_samples)} in all), "
        f"{count(counts.turns, 'turn')}, "
        f"{count(counts.ratings, 'rating')} and {count(counts.self_ratings, 'self-rating')}. "
        f"Export it with `/export session:{session_id}`."
    )


def _unrecorded(users: frozenset[int], *, heard: bool = False) -> str:
    if not users:
        return ""
    return f"\nNot being recorded{', though heard' if heard else ''}: {mentions(users)}."

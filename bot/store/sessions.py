"""Sessions, from their start to their end."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.ids import GuildId, PersonId, SessionId
from bot.domain.instrument import Instrument
from bot.domain.languages import ENGLISH
from bot.store.materials import keep_instrument
from bot.store.reader import Reader
from bot.store.records import Session
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SessionCounts:
    """What a session has produced, without takes that were struck or not kept. `scenes` counts all scenes."""

    scenes: int
    takes: int
    tracks: int
    turns: int
    ratings: int
    self_ratings: int
    recorded_samples: int


async def add_session(
    tx: Transaction,
    *,
    guild_id: GuildId,
    voice_channel_id: int,
    coordinator_id: PersonId,
    deck: str,
    emotion_set: str,
    instrument: Instrument,
    ratings_wanted: int,
    software: Mapping[str, str],
    seed: int,
    now: str,
    dealt_emotions: Sequence[str] = (),
    language: str = ENGLISH,
) -> SessionId:
    """Open a session; return its id. `software` are versions, by name.

    `dealt_emotions` are the keys of the emotions that it deals; without any, it deals the whole set.
    """
    session_id = await tx.insert(
        "sessions",
        guild_id=guild_id,
        voice_channel_id=voice_channel_id,
        coordinator_id=coordinator_id,
        deck=deck,
        emotion_set=emotion_set,
        instrument=instrument.name,
        instrument_sha256=await keep_instrument(tx, instrument),
        ratings_wanted=ratings_wanted,
        software=json.dumps(dict(software)),
        seed=seed,
        started_at=now,
        dealt_emotions=json.dumps(dealt_emotions) if dealt_emotions else None,
        language=language,
    )
    return SessionId(session_id)


async def open_session_of(reader: Reader, guild_id: GuildId) -> Session | None:
    """Return the guild's open session; None if it has none."""
    sql = "SELECT * FROM sessions WHERE guild_id = ? AND ended_at IS NULL"
    return await reader.fetch_record(Session, sql, guild_id)


async def open_sessions(reader: Reader) -> list[Session]:
    """Return all open sessions, of every guild."""
    return await reader.fetch_records(Session, "SELECT * FROM sessions WHERE ended_at IS NULL ORDER BY session_id")


async def find_session(reader: Reader, session_id: SessionId) -> Session | None:
    """Return a session by its id; None if it does not exist."""
    return await reader.fetch_record(Session, "SELECT * FROM sessions WHERE session_id = ?", session_id)


async def session_ids_of(reader: Reader, guild_id: GuildId | None = None) -> list[SessionId]:
    """Return the ids of all sessions, of one guild or of all guilds, oldest first."""
    rows = await reader.fetch_all(
        "SELECT session_id FROM sessions WHERE :guild IS NULL OR guild_id = :guild ORDER BY session_id", guild=guild_id
    )
    return [row["session_id"] for row in rows]


async def data_files_of(reader: Reader, session_ids: Sequence[SessionId]) -> frozenset[str]:
    """Return the names of the emotion sets and instruments that sessions used."""
    rows = await reader.fetch_all(
        "SELECT emotion_set, instrument FROM sessions WHERE session_id IN (SELECT value FROM json_each(?))",
        json.dumps(list(session_ids)),
    )
    return frozenset(name for row in rows for name in (row["emotion_set"], row["instrument"]))


async def want_ratings(tx: Transaction, guild_id: GuildId, raters: int) -> None:
    """Store how many raters a clip should have in the guild's open session, if it has one."""
    sql = "UPDATE sessions SET ratings_wanted = ? WHERE guild_id = ? AND ended_at IS NULL"
    await tx.execute(sql, raters, guild_id)


async def set_panel_message(tx: Transaction, session_id: SessionId, message_id: int, former_id: int | None) -> None:
    """Store which message is the panel, and which one it replaces: that one is still to be deleted."""
    sql = "UPDATE sessions SET panel_message_id = ?, former_panel_message_id = ? WHERE session_id = ?"
    await tx.execute(sql, message_id, former_id, session_id)


async def forget_former_panel(tx: Transaction, session_id: SessionId) -> None:
    """Store that the panel which was replaced last has been deleted."""
    await tx.execute("UPDATE sessions SET former_panel_message_id = NULL WHERE session_id = ?", session_id)


async def pause_session(tx: Transaction, session_id: SessionId, cause: str, now: str) -> None:
    """Pause a session, by its 'coordinator', because of a 'dropout', or because the bot was 'moved'."""
    await tx.execute("UPDATE sessions SET paused_at = ?, pause_cause = ? WHERE session_id = ?", now, cause, session_id)


async def resume_session(tx: Transaction, session_id: SessionId) -> None:
    """Resume a paused session."""
    await tx.execute("UPDATE sessions SET paused_at = NULL, pause_cause = NULL WHERE session_id = ?", session_id)


async def close_session(tx: Transaction, session_id: SessionId, now: str, rating_until: str) -> bool:
    """End a session and its last scene. It can be rated for a while. Return False if it had already ended."""
    await tx.execute("UPDATE scenes SET ended_at = ? WHERE session_id = ? AND ended_at IS NULL", now, session_id)
    closed = await tx.execute(
        "UPDATE sessions SET ended_at = ?, rating_until = ? WHERE session_id = ? AND ended_at IS NULL",
        now,
        rating_until,
        session_id,
    )
    return closed == 1


async def sessions_to_rate(reader: Reader, guild_id: GuildId, now: str) -> list[Session]:
    """Return the sessions of a guild that have ended and can still be rated, the newest first."""
    sql = "SELECT * FROM sessions WHERE guild_id = ? AND rating_until > ? ORDER BY session_id DESC"
    return await reader.fetch_records(Session, sql, guild_id, now)


async def sessions_in_rating(reader: Reader) -> list[Session]:
    """Return all sessions that have ended and whose time for rating has not been closed, the oldest first."""
    sql = "SELECT * FROM sessions WHERE rating_until IS NOT NULL AND rating_closed_at IS NULL ORDER BY session_id"
    return await reader.fetch_records(Session, sql)


async def close_rating(tx: Transaction, session_id: SessionId, now: str) -> None:
    """Store that a session can no longer be rated."""
    await tx.execute("UPDATE sessions SET rating_closed_at = ? WHERE session_id = ?", now, session_id)


async def count_session(reader: Reader, session_id: SessionId) -> SessionCounts:
    """Count what a session has produced so far."""
    counts = await reader.fetch_record(
        SessionCounts,
        """
        WITH kept_takes AS (
            SELECT take_id FROM takes JOIN scenes USING (scene_id)
            WHERE session_id = :session AND state = 'cut' AND struck_at IS NULL
        ), kept_tracks AS (
            SELECT track_id, tracks.duration_samples FROM tracks JOIN kept_takes USING (take_id)
        ), kept_turns AS (
            SELECT turn_id FROM turns JOIN kept_tracks USING (track_id)
        )
        SELECT (SELECT count(*) FROM scenes WHERE session_id = :session AND kind <> 'calibration') AS scenes,
               (SELECT count(*) FROM kept_takes) AS takes,
               (SELECT count(*) FROM kept_tracks) AS tracks,
               (SELECT count(*) FROM kept_turns) AS turns,
               (SELECT count(*) FROM ratings JOIN kept_turns USING (turn_id)) AS ratings,
               (SELECT count(*) FROM self_ratings JOIN kept_turns USING (turn_id)) AS self_ratings,
               (SELECT coalesce(sum(duration_samples), 0) FROM kept_tracks) AS recorded_samples
        """,
        session=session_id,
    )
    assert counts is not None
    return counts

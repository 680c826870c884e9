"""Retention: which sessions still have sound, what was announced of them, and what goes at their date."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import GuildId, PersonId, SessionId, UserId
from bot.domain.retention import KeptSession
from bot.store.reader import Reader
from bot.store.stillness import Still
from bot.store.transaction import Transaction
from bot.store.worked import keep_work_in
from bot.store.writing import BlockingTransaction

_TRACKS = "tracks JOIN takes USING (take_id) JOIN scenes USING (scene_id)"
_KEPT = f"""
    SELECT session_id, sessions.guild_id, ended_at, retention_days AS days, deletes_at AS announced_for
    FROM sessions LEFT JOIN guild_settings USING (guild_id) LEFT JOIN retentions USING (session_id)
    WHERE ended_at IS NOT NULL AND done_at IS NULL
      AND EXISTS (SELECT 1 FROM {_TRACKS} WHERE scenes.session_id = sessions.session_id)
    ORDER BY session_id
"""  # noqa: S608 - all literals
_TURNS = f"SELECT turn_id FROM turns WHERE track_id IN (SELECT track_id FROM {_TRACKS} WHERE session_id = :session)"  # noqa: S608
_GOING = (
    # The answers go with their trials.
    f"DELETE FROM trials WHERE turn_id IN ({_TURNS}) OR other_turn_id IN ({_TURNS})",  # noqa: S608
    f"DELETE FROM turns WHERE turn_id IN ({_TURNS})",  # noqa: S608
    f"DELETE FROM turn_reviews WHERE track_id IN (SELECT track_id FROM {_TRACKS} WHERE session_id = :session)",  # noqa: S608
)


@dataclass(frozen=True, slots=True)
class DueEnd:
    """Someone who is to be told that the sound of a session will be deleted, and when."""

    notice_id: int
    person_id: PersonId
    discord_user_id: UserId
    session_id: SessionId
    guild_id: GuildId
    ended_at: str
    deletes_at: str


async def kept_sessions(reader: Reader) -> list[KeptSession]:
    """Return the ended sessions that have sound, with the days that their servers keep it."""
    return await reader.fetch_records(KeptSession, _KEPT)


def kept_sessions_in(store: Still) -> list[KeptSession]:
    """`kept_sessions`, for threads and the command line."""
    return store.fetch_records(KeptSession, _KEPT)


async def announce_end(tx: Transaction, session_id: SessionId, deletes_at: str, now: str) -> None:
    """Note for when the deletion of a session's sound is announced, and that everyone on it is to be told."""
    await tx.insert("retentions", session_id=session_id, announced_at=now, deletes_at=deletes_at)
    await tx.execute(
        f"INSERT INTO notices (person_id, session_id) SELECT DISTINCT person_id, session_id FROM {_TRACKS} "  # noqa: S608
        "JOIN people USING (person_id) WHERE session_id = ? AND discord_user_id > 0 ORDER BY person_id "
        "ON CONFLICT DO NOTHING",
        session_id,
    )


async def take_back_announcements(tx: Transaction) -> None:
    """Forget what was announced of sessions whose servers keep sound without an end now, before anyone was told."""
    gone = (
        "SELECT session_id FROM retentions JOIN sessions USING (session_id) LEFT JOIN guild_settings USING (guild_id) "
        "WHERE done_at IS NULL AND retention_days IS NULL"
    )
    await tx.execute(f"DELETE FROM notices WHERE session_id IN ({gone})")  # noqa: S608
    await tx.execute(f"DELETE FROM retentions WHERE session_id IN ({gone})")  # noqa: S608


async def ends_to_tell(reader: Reader) -> list[DueEnd]:
    """Return who has not been told yet that sound of theirs will be deleted. Who is being erased is left alone."""
    return await reader.fetch_records(
        DueEnd,
        "SELECT notice_id, notices.person_id, discord_user_id, session_id, guild_id, ended_at, deletes_at "
        "FROM notices JOIN people USING (person_id) JOIN retentions USING (session_id) "
        "JOIN sessions USING (session_id) WHERE told_at IS NULL AND done_at IS NULL AND discord_user_id > 0 "
        "AND pseudonym NOT IN (SELECT pseudonym FROM erasures WHERE finished_at IS NULL) ORDER BY notice_id",
    )


def tracks_of_session(store: Still, session_id: SessionId) -> list[str]:
    """Return the paths of a session's tracks, below the home folder."""
    sql = f"SELECT path FROM {_TRACKS} WHERE session_id = ? ORDER BY path"  # noqa: S608
    return [str(path) for (path,) in store.fetch_all(sql, session_id)]


def forget_sound(tx: BlockingTransaction, session_id: SessionId, now: str) -> int:
    """Delete the rows of a session's tracks, their turns and what was answered about them; return how many tracks.

    The parts that were dealt, the log of events and the time that was worked stay.
    """
    keep_work_in(tx, session_id)
    for sql in _GOING:
        tx.change(sql, session=session_id)
    tracks = tx.change(
        "DELETE FROM tracks WHERE take_id IN (SELECT take_id FROM takes JOIN scenes USING (scene_id) "
        "WHERE session_id = :session)",
        session=session_id,
    )
    tx.change(
        "UPDATE retentions SET done_at = :now, tracks = :tracks WHERE session_id = :session",
        now=now,
        tracks=tracks,
        session=session_id,
    )
    return tracks


def done_retentions(store: Still) -> list[tuple[SessionId, str, int]]:
    """Return the sessions whose sound was deleted, when, and how many tracks."""
    sql = "SELECT session_id, done_at, tracks FROM retentions WHERE done_at IS NOT NULL ORDER BY session_id"
    return [(SessionId(one), str(at), int(tracks)) for one, at, tracks in store.fetch_all(sql)]


def consents_that_end(store: Still, now: str) -> list[tuple[str, GuildId | None, str, int]]:
    """Return the consents in force that end by themselves: scope, server, when, and of how many people."""
    sql = (
        "SELECT scope, guild_id, ends_at, count(*) FROM consents_in_force WHERE ends_at > ? "
        "GROUP BY scope, guild_id, ends_at ORDER BY ends_at, scope, guild_id"
    )
    return [(str(scope), guild, str(at), int(people)) for scope, guild, at, people in store.fetch_all(sql, now)]

"""Answers to what people did, as text. Pure: results of services in, words out."""

from __future__ import annotations

from bot.domain.emotions import EmotionSet
from bot.domain.ids import SessionId, UserId
from bot.live.session import LiveSession
from bot.services.scene.scenes import CastingWish, SceneDealt
from bot.services.take.cuts import TakeCut
from bot.services.take.takes import TakeCalled
from bot.store.records import Take
from bot.store.sessions import SessionCounts
from bot.ui.texts.words import INTENSITY_WORDS, absent_text, count, low_disk_text, mentions, minutes

END_NOW_BUTTON = "End it now"

CUT_NOT_STORED = "Cut. Nothing more is recorded. The database cannot store the take yet; the panel shows when it can."
PAUSED = "Paused. Nothing is recorded until you press **Resume** or use `/session resume`."
RESUMED = "The session goes on."
SCENE_STOPPED = "The scene is stopped. Nobody is told who pressed, and nobody will ask why. Take care."
"""For whoever pressed the X-card."""


def opened_text(session: LiveSession) -> str:
    """For the coordinator who opened a session."""
    return (
        f"**Session {session.session_id} is open** in <#{session.voice_channel_id}>. "
        "The panel is in that channel's chat. Deal a scene when everybody has consented."
    )


def dealt_text(dealt: SceneDealt, *, is_anew: bool = False) -> str:
    """For the coordinator: who is on stage, and nothing of what they were dealt."""
    how = "is dealt anew, to" if is_anew else "is dealt to"
    standby = f" On standby: {mentions(dealt.on_standby)}." if dealt.on_standby else ""
    return (
        f"**Scene {dealt.scene.number}: {dealt.scene.prompt_title}** {how} {mentions(dealt.discord_user_ids)}. "
        f"Each finds their part with **My card** or `/card`. Start the take when they are ready.{standby}"
    )


def overridden_text(discord_user_id: UserId, wish: CastingWish, emotions: EmotionSet) -> str:
    """For the coordinator who changed a part: what was asked for, and nothing of what was dealt."""
    changed: list[str] = []
    if wish.emotion:
        changed.append(f"emotion {emotions.find(wish.emotion).label.lower()}")
    if wish.intensity:
        changed.append(f"intensity “{INTENSITY_WORDS[wish.intensity]}”")
    if wish.second_emotion:
        changed.append(f"at the cue {emotions.find(wish.second_emotion).label.lower()}")
    if wish.character:
        changed.append(f"voice {wish.character}")
    return (
        f"Changed for <@{discord_user_id}>: {', '.join(changed)}. "
        "They are asked to look at their card again; the change is logged."
    )


def cued_text(told: int) -> str:
    """For the coordinator, after a cue."""
    return f"The cue is given: {count(told, 'performer')} told, privately."


def struck_text(take: Take, is_struck: bool) -> str:
    """For the coordinator who struck a take, or took it back."""
    if is_struck:
        return f"Take {take.number} is struck: kept on disk, not rated, not in the dataset. **Take back** undoes it."
    return f"Take {take.number} counts again."


def end_question(session_id: SessionId) -> str:
    """Asked of the coordinator before a session is ended."""
    return f"End session {session_id}? A running take is cut and kept, and the bot leaves the channel."


def called_text(called: TakeCalled) -> str:
    """For the coordinator: when it starts and who is not recorded."""
    when = f"<t:{round(called.starts_at_unix)}:R>"
    disk = "" if called.low_disk_bytes is None else f"\n{low_disk_text(called.low_disk_bytes)}"
    absent = f"\n{absent_text(called.absent_users)}" if called.absent_users else ""
    return f"Take {called.take.number} starts {when}.{absent}{_unrecorded(called.unrecorded_users)}{disk}"


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


def ended_text(session_id: SessionId, counts: SessionCounts) -> str:
    """For the coordinator: what the evening brought."""
    return (
        f"**Session {session_id} is over.** {count(counts.scenes, 'scene')}, {count(counts.takes, 'take')}, "
        f"{count(counts.tracks, 'track')} ({minutes(counts.recorded_samples)} in all), "
        f"{count(counts.turns, 'turn')}, "
        f"{count(counts.ratings, 'rating')} and {count(counts.self_ratings, 'self-rating')}. "
        f"Export it with `/export session:{session_id}`."
    )


def _unrecorded(users: frozenset[UserId], *, heard: bool = False) -> str:
    if not users:
        return ""
    return f"\nNot being recorded{', though heard' if heard else ''}: {mentions(users)}."

"""Answers to what people did. Pure: results of services in, words out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.ids import SessionId, UserId
from bot.live.session import LiveSession
from bot.samples import SAMPLE_RATE_HZ
from bot.services.ending.cuts import TakeCut
from bot.services.rating.waiting import Waiting
from bot.services.scene.scenes import CastingWish, SceneDealt
from bot.services.take.takes import TakeCalled
from bot.store.records import Take
from bot.store.sessions import SessionCounts
from bot.ui.texts.bot_voice import warning_texts
from bot.ui.texts.panel_sound import TOLD_DEAF_SECONDS
from bot.ui.texts.settings import hours_text
from bot.ui.texts.words import INTENSITY_WORDS, absent_text, count, low_disk_text, mentions, minutes, were_told

END_NOW_BUTTON = "End now"

CUT_NOT_STORED = "Cut. Nothing more is recorded. The take is not stored yet; the panel shows when it is."
PAUSED = "Paused. Nothing is recorded until you press **Resume** or run `/session resume`."
BREAK = "The panel shows when the break ends. Nothing is recorded until you press **Resume** or run `/session resume`."
RESUMED = "The session continues."
BROUGHT_BACK = "The bot is back in the session's channel."
PANEL_POSTED = "The panel is at the bottom of the session's chat."
SCENE_STOPPED = "The scene is stopped. No one is told who pressed it, and no one will ask why. Take care."
"""For the person who pressed the X-card."""

_RATE_SOON = "In a moment, its turns can be rated with **Rate** or `/rate`."
_UNRATED = "Go on with **Next part**. No one rates a calibration."


def late_text(discord_user_id: int) -> str:
    """In the channel, for a person whose answer took over 15 minutes and who takes no direct messages."""
    return (
        f"<@{discord_user_id}> What you asked for is done, but Discord no longer takes the private answer. "
        "Allow direct messages from this server's members and give the command again."
    )


def opened_text(session: LiveSession, tonight: Sequence[Emotion] = ()) -> str:
    """For the coordinator who opened a session. `tonight` are the emotions that are dealt out of a large set."""
    opened = (
        f"**Session {session.session_id} is open** in <#{session.voice_channel_id}>. "
        "The panel is in that channel's chat. Deal a scene once everyone has consented."
    )
    labels = ", ".join(emotion.label for emotion in tonight)
    dealt = [f"Dealt tonight, of the whole set that raters choose from: {labels}."] if tonight else []
    return "\n".join([opened, *dealt, *warning_texts(session.own_voice, session.voice_channel_id)])


def dealt_text(dealt: SceneDealt, *, is_redealt: bool = False) -> str:
    """For the coordinator: who is on stage, and nothing about what they were dealt."""
    how = "was dealt again to" if is_redealt else "was dealt to"
    standby = f" On standby: {mentions(dealt.on_standby)}." if dealt.on_standby else ""
    return (
        f"**Scene {dealt.scene.number}: {dealt.scene.prompt_title}** {how} {mentions(dealt.discord_user_ids)}. "
        f"Each of them sees their part with **My card** or `/card`. Start the take when they are ready.{standby}"
    )


def overridden_text(discord_user_id: UserId, wish: CastingWish, emotions: EmotionSet) -> str:
    """For the coordinator who changed a part: what they asked for, and nothing about what was dealt."""
    changed: list[str] = []
    if wish.emotion:
        changed.append(f"emotion {emotions.find(wish.emotion).label.lower()}")
    if wish.intensity:
        changed.append(f"intensity “{INTENSITY_WORDS[wish.intensity]}”")
    if wish.second_emotion:
        changed.append(f"emotion after the cue {emotions.find(wish.second_emotion).label.lower()}")
    if wish.character:
        changed.append(f"voice {wish.character}")
    return (
        f"Changed for <@{discord_user_id}>: {', '.join(changed)}. "
        "They have been asked to open their card again. The change is logged."
    )


def cued_text(told: int) -> str:
    """For the coordinator, after a cue."""
    return f"The cue was given: {were_told(told, 'performer')} in private."


def struck_text(take: Take, is_struck: bool) -> str:
    """For the coordinator who struck a take, or restored it."""
    if is_struck:
        kept = f"Take {take.number} is discarded: it stays on disk, but is neither rated nor exported."
        return f"{kept} **Restore** undoes this."
    return f"Take {take.number} has been restored: it will be rated and exported again."


def end_question(session_id: SessionId, waiting: Waiting, rating_hours: int) -> str:
    """What the coordinator is asked before a session is ended."""
    asked = f"End session {session_id}? A running take is cut and kept, and the bot leaves the channel."
    return f"{asked}{_waiting_text(waiting, rating_hours)}"


def _waiting_text(waiting: Waiting, rating_hours: int) -> str:
    """How many clips wait for how many raters, and what becomes of them; empty if none wait."""
    if not waiting.clips:
        return "" if waiting.is_complete else "\nThe clips of the last take are not ready yet."
    least = "" if waiting.is_complete else "At least "
    clips = f"{least}{count(waiting.clips, 'clip')} {'waits' if waiting.clips == 1 else 'wait'}"
    told = f"\n{clips} for {count(waiting.raters, 'rater')}"
    if not rating_hours:
        return f"{told}, and can no longer be rated after the end."
    return f"{told}. They can go on rating for {hours_text(rating_hours)} after the end, with **Rate** or `/rate`."


def called_text(called: TakeCalled) -> str:
    """For the coordinator: when the take starts and who is not recorded."""
    when = f"<t:{round(called.starts_at_unix)}:R>"
    disk = "" if called.low_disk_bytes is None else f"\n{low_disk_text(called.low_disk_bytes)}"
    absent = f"\n{absent_text(called.absent_users)}" if called.absent_users else ""
    return f"Take {called.take.number} starts {when}.{absent}{_unrecorded(called.unrecorded_users)}{disk}"


def cut_text(cut: TakeCut) -> str:
    """For the coordinator: what was kept."""
    if not cut.duration_samples:
        return f"Take {cut.take.number} was cut during its countdown. Nothing was recorded."
    return (
        f"Cut. Take {cut.take.number}: {minutes(cut.duration_samples)}, {count(cut.tracks, 'track')}. "
        f"{_RATE_SOON if cut.is_rated else _UNRATED}"
        f"{_silent(cut)}{_unrecorded(cut.unrecorded_users, heard=True)}"
    )


def _silent(cut: TakeCut) -> str:
    """Who was not heard; if the bot heard no one at all, it is the first suspect, and names no one."""
    rows: list[str] = []
    if cut.deaf_samples >= TOLD_DEAF_SECONDS * SAMPLE_RATE_HZ:
        seconds = cut.deaf_samples / SAMPLE_RATE_HZ
        rows.append(f"The bot itself heard no one for {seconds:.1f} s of it. This is marked in the tracks.")
    muted, silent = cut.silent_users & cut.muted, cut.silent_users - cut.muted
    if not cut.tracks and len(silent) > 1:
        rows.append("No one was heard, which is rarely the microphones: run **Sound check** before the next take.")
    elif silent:
        rows.append(f"No sound came from {mentions(silent)}.")
    if muted:
        rows.append(f"Muted in Discord, so nothing came from them: {mentions(muted)}.")
    return "".join(f"\n{row}" for row in rows)


def ended_text(session_id: SessionId, counts: SessionCounts, waiting: Waiting, rating_hours: int) -> str:
    """For the coordinator: the evening in figures, and what was left to rate at its end."""
    return (
        f"**Session {session_id} is over.** {count(counts.scenes, 'scene')}, {count(counts.takes, 'take')}, "
        f"{count(counts.tracks, 'track')} ({minutes(counts.recorded_samples)} in total), "
        f"{count(counts.turns, 'turn')}, "
        f"{count(counts.ratings, 'rating')} and {count(counts.self_ratings, 'self-rating')}. "
        f"Export it with `/export session:{session_id}`."
        f"{_waiting_text(waiting, rating_hours) if rating_hours else ''}"
    )


def _unrecorded(users: frozenset[UserId], *, heard: bool = False) -> str:
    if not users:
        return ""
    return f"\nNot recorded{', though heard' if heard else ''}: {mentions(users)}."

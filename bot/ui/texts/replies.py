"""Answers to what people did. Pure: results of services in, words out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.ids import SessionId, UserId
from bot.live.session import LiveSession
from bot.samples import SAMPLE_RATE_HZ
from bot.services.ending.cuts import TakeCut
from bot.services.rating.agreement import Figures
from bot.services.rating.waiting import Waiting
from bot.services.scene.scenes import CastingWish, SceneDealt
from bot.services.take.takes import TakeCalled
from bot.store.records import Take
from bot.store.sessions import SessionCounts
from bot.ui.texts.bot_voice import warning_texts
from bot.ui.texts.language import phrase, say, say_count
from bot.ui.texts.panel_sound import TOLD_DEAF_SECONDS
from bot.ui.texts.rating_progress import progress_text, reach_text, still_to_ask_text
from bot.ui.texts.rating_status import emotion_text
from bot.ui.texts.settings import hours_text
from bot.ui.texts.words import INTENSITY_WORDS, absent_text, low_disk_text, mentions, minutes

END_NOW_BUTTON = phrase("End now")

CUT_NOT_STORED = phrase("Cut. Nothing more is recorded. The take is not stored yet; the panel shows when it is.")
PAUSED = phrase("Paused. Nothing is recorded until you press **Resume** or run `/session resume`.")
BREAK = phrase(
    "The panel shows when the break ends. Nothing is recorded until you press **Resume** or run `/session resume`."
)
RESUMED = phrase("The session continues.")
BROUGHT_BACK = phrase("The bot is back in the session's channel.")
PANEL_POSTED = phrase("The panel is at the bottom of the session's chat.")
SCENE_STOPPED = phrase("The scene is stopped. No one is told who pressed it, and no one will ask why. Take care.")
"""For the person who pressed the X-card."""

_RATE_SOON = phrase("In a moment, its turns can be rated with **Rate** or `/rate`.")
_MORE = phrase("`/ratings status` has more.")
_UNRATED = phrase("Go on with **Next part**. No one rates a calibration.")


def late_text(discord_user_id: int) -> str:
    """In the channel, for a person whose answer took over 15 minutes and who takes no direct messages."""
    return say(
        "{who} What you asked for is done, but Discord no longer takes the private answer. Allow direct messages from "
        "this server's members and give the command again.",
        who=f"<@{discord_user_id}>",
    )


def opened_text(session: LiveSession, tonight: Sequence[Emotion] = ()) -> str:
    """For the coordinator who opened a session. `tonight` are the emotions that are dealt out of a large set."""
    opened = say(
        "**Session {number} is open** in {channel}. The panel is in that channel's chat. Deal a scene once everyone "
        "has consented.",
        number=session.session_id,
        channel=f"<#{session.voice_channel_id}>",
    )
    labels = ", ".join(emotion.label for emotion in tonight)
    dealt = say("Dealt tonight, of the whole set that raters choose from: {emotions}.", emotions=labels)
    rows = [opened, dealt] if tonight else [opened]
    return "\n".join([*rows, *warning_texts(session.own_voice, session.voice_channel_id)])


_DEALT = phrase(
    "**Scene {number}: {title}** was dealt to {who}. Each of them sees their part with **My card** or `/card`. Start "
    "the take when they are ready."
)
_REDEALT = phrase(
    "**Scene {number}: {title}** was dealt again to {who}. Each of them sees their part with **My card** or `/card`. "
    "Start the take when they are ready."
)


def dealt_text(dealt: SceneDealt, *, is_redealt: bool = False) -> str:
    """For the coordinator: who is on stage, and nothing about what they were dealt."""
    told = say(
        _REDEALT if is_redealt else _DEALT,
        number=dealt.scene.number,
        title=dealt.scene.prompt_title,
        who=mentions(dealt.discord_user_ids),
    )
    standby = say("On standby: {who}.", who=mentions(dealt.on_standby))
    return f"{told} {standby}" if dealt.on_standby else told


def overridden_text(discord_user_id: UserId, wish: CastingWish, emotions: EmotionSet) -> str:
    """For the coordinator who changed a part: what they asked for, and nothing about what was dealt."""
    changed: list[str] = []
    if wish.emotion:
        changed.append(say("emotion {emotion}", emotion=emotions.find(wish.emotion).label.lower()))
    if wish.intensity:
        changed.append(say("intensity “{task}”", task=say(INTENSITY_WORDS[wish.intensity])))
    if wish.second_emotion:
        second = emotions.find(wish.second_emotion).label.lower()
        changed.append(say("emotion after the cue {emotion}", emotion=second))
    if wish.character:
        changed.append(say("voice {character}", character=wish.character))
    return say(
        "Changed for {performer}: {what}. They have been asked to open their card again. The change is logged.",
        performer=f"<@{discord_user_id}>",
        what=", ".join(changed),
    )


def cued_text(told: int) -> str:
    """For the coordinator, after a cue."""
    return say_count(
        "The cue was given: {number} performer was told in private.",
        "The cue was given: {number} performers were told in private.",
        told,
    )


def struck_text(take: Take, is_struck: bool) -> str:
    """For the coordinator who struck a take, or restored it."""
    if is_struck:
        return say(
            "Take {number} is discarded: it stays on disk, but is neither rated nor exported. **Restore** undoes this.",
            number=take.number,
        )
    return say("Take {number} has been restored: it will be rated and exported again.", number=take.number)


def end_question(session_id: SessionId, waiting: Waiting, rating_hours: int) -> str:
    """What the coordinator is asked before a session is ended."""
    asked = say(
        "End session {number}? A running take is cut and kept, and the bot leaves the channel.", number=session_id
    )
    return f"{asked}{_waiting_text(waiting, rating_hours)}"


def _waiting_text(waiting: Waiting, rating_hours: int) -> str:
    """How many clips wait for how many raters, what becomes of them, and what cannot be reached; empty if none wait."""
    if not waiting.clips:
        unready = "" if waiting.is_complete else f"\n{say('The clips of the last take are not ready yet.')}"
        return f"{unready}{reach_text(waiting.reach)}"
    raters = say_count("{number} rater", "{number} raters", waiting.raters)
    if not rating_hours:
        return f"\n{_lost_text(waiting, raters)}{reach_text(waiting.reach)}"
    if waiting.is_complete:
        told = say_count(
            "{number} clip waits for {raters}.", "{number} clips wait for {raters}.", waiting.clips, raters=raters
        )
    else:
        told = say_count(
            "At least {number} clip waits for {raters}.",
            "At least {number} clips wait for {raters}.",
            waiting.clips,
            raters=raters,
        )
    after = say(
        "They can go on rating for {time} after the end, with **Rate** or `/rate`.", time=hours_text(rating_hours)
    )
    return f"\n{told} {after}{reach_text(waiting.reach)}"


def _lost_text(waiting: Waiting, raters: str) -> str:
    """How many clips wait that no one can rate after the end."""
    if waiting.is_complete:
        return say_count(
            "{number} clip waits for {raters}, and can no longer be rated after the end.",
            "{number} clips wait for {raters}, and can no longer be rated after the end.",
            waiting.clips,
            raters=raters,
        )
    return say_count(
        "At least {number} clip waits for {raters}, and can no longer be rated after the end.",
        "At least {number} clips wait for {raters}, and can no longer be rated after the end.",
        waiting.clips,
        raters=raters,
    )


def called_text(called: TakeCalled) -> str:
    """For the coordinator: when the take starts and who is not recorded."""
    when = f"<t:{round(called.starts_at_unix)}:R>"
    disk = "" if called.low_disk_bytes is None else f"\n{low_disk_text(called.low_disk_bytes)}"
    absent = f"\n{absent_text(called.absent_users)}" if called.absent_users else ""
    starts = say("Take {number} starts {when}.", number=called.take.number, when=when)
    return f"{starts}{absent}{_unrecorded(called.unrecorded_users)}{disk}"


def cut_text(cut: TakeCut) -> str:
    """For the coordinator: what was kept."""
    if not cut.duration_samples:
        return say("Take {number} was cut during its countdown. Nothing was recorded.", number=cut.take.number)
    told = say(
        "Cut. Take {number}: {length}, {tracks}.",
        number=cut.take.number,
        length=minutes(cut.duration_samples),
        tracks=say_count("{number} track", "{number} tracks", cut.tracks),
    )
    after = say(_RATE_SOON if cut.is_rated else _UNRATED)
    return f"{told} {after}{_silent(cut)}{_unrecorded(cut.unrecorded_users, heard=True)}"


def _silent(cut: TakeCut) -> str:
    """Who was not heard; if the bot heard no one at all, it is the first suspect, and names no one."""
    rows: list[str] = []
    if cut.deaf_samples >= TOLD_DEAF_SECONDS * SAMPLE_RATE_HZ:
        seconds = cut.deaf_samples / SAMPLE_RATE_HZ
        rows.append(
            say(
                "The bot itself heard no one for {seconds} s of it. This is marked in the tracks.",
                seconds=f"{seconds:.1f}",
            )
        )
    muted, silent = cut.silent_users & cut.muted, cut.silent_users - cut.muted
    if not cut.tracks and len(silent) > 1:
        rows.append(say("No one was heard, which is rarely the microphones: run **Sound check** before the next take."))
    elif silent:
        rows.append(say("No sound came from {who}.", who=mentions(silent)))
    if muted:
        rows.append(say("Muted in Discord, so nothing came from them: {who}.", who=mentions(muted)))
    return "".join(f"\n{row}" for row in rows)


def ended_text(
    session_id: SessionId, counts: SessionCounts, waiting: Waiting, figures: Figures, rating_hours: int
) -> str:
    """For the coordinator: the evening in figures, how its rating stands, and what was left to rate at its end."""
    told = say(
        "**Session {number} is over.** {scenes}, {takes}, {tracks} ({length} in total), {turns}, {ratings} and "
        "{self_ratings}. Export it with `/export session:{number}`.",
        number=session_id,
        scenes=say_count("{number} scene", "{number} scenes", counts.scenes),
        takes=say_count("{number} take", "{number} takes", counts.takes),
        tracks=say_count("{number} track", "{number} tracks", counts.tracks),
        length=minutes(counts.recorded_samples),
        turns=say_count("{number} turn", "{number} turns", counts.turns),
        ratings=say_count("{number} rating", "{number} ratings", counts.ratings),
        self_ratings=say_count("{number} self-rating", "{number} self-ratings", counts.self_ratings),
    )
    if not rating_hours:
        return f"{told}{_rating_text(waiting, figures)}"
    return f"{told}{_waiting_text(waiting, rating_hours)}{_rating_text(waiting, figures)}{_to_ask_text(waiting)}"


def _rating_text(waiting: Waiting, figures: Figures) -> str:
    """How far the rating is, and how far raters agree; empty without clips."""
    if not waiting.rated:
        return ""
    return f"\n{progress_text(waiting)} {emotion_text(figures)} {say(_MORE)}"


def _to_ask_text(waiting: Waiting) -> str:
    return f"\n{still_to_ask_text(waiting.left)}" if waiting.left else ""


def _unrecorded(users: frozenset[UserId], *, heard: bool = False) -> str:
    if not users:
        return ""
    who = mentions(users)
    told = say("Not recorded, though heard: {who}.", who=who) if heard else say("Not recorded: {who}.", who=who)
    return f"\n{told}"

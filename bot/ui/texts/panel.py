"""The panel's words: what its buttons say, and what everyone in the channel may read. A state in, paragraphs out."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.ids import UserId
from bot.domain.show import Phase, Step
from bot.domain.states import CutReason, PauseCause, TakeKind, TakeStatus
from bot.live.take.live_take import PAUSES_AT_MOST_SECONDS
from bot.services.ports.panel_state import PanelState
from bot.store.records import Take
from bot.ui.texts.bot_voice import obstacle_texts
from bot.ui.texts.calibration import calibration_scene_text
from bot.ui.texts.interludes import NEXT_EXERCISE_BUTTON, interlude_text
from bot.ui.texts.language import phrase, say, say_all, say_count
from bot.ui.texts.panel_sound import holes_text, tracks_text
from bot.ui.texts.replay import replay_text
from bot.ui.texts.words import absent_text, low_disk_text, mentions, minutes, signed

LABELS: Mapping[Step, str] = {
    Step.BRING_BACK: phrase("Bring me back"),
    Step.SOUND_CHECK: phrase("Sound check"),
    Step.WARM_UP: phrase("Warm-up"),
    Step.VOICES: phrase("Try voices"),
    Step.DEBRIEF: phrase("Debrief"),
    Step.FINISH: phrase("Finish"),
    Step.CALIBRATE: phrase("Calibrate"),
    Step.DEAL: phrase("Deal scene"),
    Step.REDEAL: phrase("Re-deal"),
    Step.START: phrase("Start take"),
    Step.CUE: phrase("Cue"),
    Step.CUT: phrase("Cut"),
    Step.RETAKE: phrase("Play again"),
    Step.REPLAY: phrase("Play another way"),
    Step.STRIKE: phrase("Discard"),
    Step.NEXT: phrase("Next scene"),
    Step.NOTE: phrase("Note"),
    Step.PAUSE: phrase("Pause"),
    Step.RESUME: phrase("Resume"),
    Step.END: phrase("End session"),
}
"""What the coordinator's buttons say."""

NEXT_PART_BUTTON = phrase("Next part")
"""What the Calibrate button says in a calibration."""

RESTORE_BUTTON = phrase("Restore")
"""What the button that strikes a take says while it is struck."""


CARD_BUTTON = phrase("My card")
RATE_BUTTON = phrase("Rate")
PROMPT_BUTTON = phrase("The prompt")
LINES_BUTTON = phrase("Lines")
CONSENT_BUTTON = phrase("Consent")
X_CARD_BUTTON = phrase("Stop (X-card)")
X_CARD_SIGN = "✋"
EASE_OFF_BUTTON = phrase("Ease off")
EASE_OFF_SIGN = "🪶"

_PAUSE_MINUTES = PAUSES_AT_MOST_SECONDS // 60

_CUT_REASONS = {
    CutReason.TIME_LIMIT: phrase("It reached its time limit."),
    CutReason.INTERRUPTED: phrase("The bot was interrupted during the take."),
    CutReason.DISK: phrase(
        "⚠️ It was cut: the recordings could not be written. Make room on the disk, then play it again."
    ),
    CutReason.VOICE_LOST: phrase("⚠️ It was cut because the voice connection was lost."),
    CutReason.DROPOUT: phrase("It was cut because a performer left."),
    CutReason.PAUSED: phrase("It was cut where its last pause began, because it was paused for {minutes} min."),
    CutReason.MOVED: phrase("It was called off because the bot was moved to another channel."),
}
"""Why a take was cut, if no one cut it by hand."""


def panel_texts(state: PanelState) -> list[str]:
    """The panel's paragraphs, without anything private."""
    head = say("## Session {number}", number=state.session.session_id)
    if state.phase is Phase.ENDED:
        return [f"{head}\n{_summary(state)}"]
    notice = say("Takes are recorded: one track per performer who consents.")
    texts = [f"{head}\n{notice}"]
    if state.own_voice:
        is_recording = state.phase is Phase.RECORDING
        texts += obstacle_texts(state.own_voice, state.obstacles, is_recording=is_recording)
    if state.phase is Phase.PAUSED:
        texts.append(_paused_text(state))
    texts.append(interlude_text(state.interlude) if state.interlude else _scene_text(state))
    paragraphs = (tracks_text(state), holes_text(state), _sealed_text(state), _people_text(state))
    texts += [text for text in paragraphs if text]
    if state.low_disk_bytes is not None:
        texts.append(low_disk_text(state.low_disk_bytes))
    takes, ratings = _counted(state)
    so_far = say("{takes}, {ratings} so far. **My card** shows your part.", takes=takes, ratings=ratings)
    texts.append(f"-# {so_far}")
    return texts


def label_of(state: PanelState, step: Step) -> str:
    """What a coordinator's button says now."""
    if step is Step.WARM_UP and state.interlude:
        return say(NEXT_EXERCISE_BUTTON)
    is_going_on = step is Step.CALIBRATE and state.scene is not None and state.scene.kind is TakeKind.CALIBRATION
    return say(NEXT_PART_BUTTON if is_going_on else LABELS[step])


def _counted(state: PanelState) -> tuple[str, str]:
    """How many takes and ratings there are."""
    counts = state.counts
    takes = say_count("{number} take", "{number} takes", counts.takes)
    return takes, say_count("{number} rating", "{number} ratings", counts.ratings)


def _summary(state: PanelState) -> str:
    counts, (takes, ratings) = state.counts, _counted(state)
    over = say(
        "This session is over: {scenes}, {takes}, {length} of tracks, {ratings}. Thank you all.",
        scenes=say_count("{number} scene", "{number} scenes", counts.scenes),
        takes=takes,
        length=minutes(counts.recorded_samples),
        ratings=ratings,
    )
    return f"{over}{_rating_text(state)}"


def _rating_text(state: PanelState) -> str:
    if state.rated_until_unix is None:
        return ""
    if not state.can_be_rated:
        return f"\n{say('The time for rating is over.')}"
    until = f"<t:{round(state.rated_until_unix)}:f>"
    still = say("If you were here, you can still rate until {until}: press **Rate** or use `/rate`.", until=until)
    return f"\n{still}"


def _paused_text(state: PanelState) -> str:
    if state.session.pause_cause is PauseCause.MOVED:
        return say("⏸️ **Paused, because the bot is not here.** The take goes on by itself when the bot is back.")
    if state.missing and state.session.pause_cause is PauseCause.DROPOUT:
        return say(
            "⏸️ **Paused: {why}.** The session resumes by itself when they are back.",
            why=say_all(_dropout_clauses(state)),
        )
    is_waiting = state.take is not None and state.take.state is TakeStatus.RECORDING
    cut = say("A take that is paused for {minutes} min altogether is cut.", minutes=_PAUSE_MINUTES)
    waits = f" {cut}" if is_waiting else ""
    if state.break_until_unix is not None:
        until = round(state.break_until_unix)
        paused = say(
            "☕ **Break until {time}** ({left}). Nothing is recorded until **Resume** is pressed.",
            time=f"<t:{until}:t>",
            left=f"<t:{until}:R>",
        )
        return f"{paused}{waits}"
    paused = say("⏸️ **Paused.** Nothing is recorded until a coordinator presses **Resume**.")
    return f"{paused}{waits}"


def _dropout_clauses(state: PanelState) -> list[str]:
    idle = state.idle & set(state.missing)
    gone = set(state.missing) - idle
    dropped_out = [say("{who} dropped out", who=mentions(gone))] if gone else []
    moved = say("Discord moved {who} to the AFK channel, because they were idle", who=mentions(idle))
    return [*dropped_out, moved] if idle else dropped_out


def _scene_text(state: PanelState) -> str:
    scene = state.scene
    if state.was_stopped:
        return say(
            "✋ **The scene was stopped.** No one needs to say why. **Next:** a coordinator deals another scene."
        )
    if scene is None:
        return say("**Next:** everyone consents, then a coordinator deals a scene.")
    if scene.kind is TakeKind.CALIBRATION:
        return f"{calibration_scene_text(scene)}\n{_cast_text(state)}\n{_take_text(state)}"
    rows = [say("**Scene {number}: {title}**", number=scene.number, title=scene.prompt_title)]
    if scene.place:
        rows.append(say("Place: {place}.", place=scene.place))
    if again := replay_text(scene):
        rows.append(f"🔁 {again}")
    return "\n".join([*rows, _cast_text(state), _take_text(state)])


def _cast_text(state: PanelState) -> str:
    if state.phase is not Phase.DEALT:
        return say("On stage: {who}.", who=mentions(casting.discord_user_id for casting in state.castings))
    read = [signed("✅" if one.card_seen_at else "✉️", f"<@{one.discord_user_id}>") for one in state.castings]
    return say("On stage: {who} (✅ has read their card).", who=", ".join(read))


def _take_text(state: PanelState) -> str:
    take = state.take
    if take is None:
        return say("**Next:** read your card, then a coordinator starts the take.")
    if state.starts_at_unix is not None and state.ends_at_unix is not None:
        if state.phase is Phase.COUNTDOWN:
            start = f"<t:{round(state.starts_at_unix)}:R>"
            return say("🟡 **Take {number} starts {start}.**", number=take.number, start=start)
        if state.phase is Phase.PAUSED:
            return say("⏸️ Take {number} is on hold.", number=take.number)
        return _recording_text(state, take, round(state.starts_at_unix), round(state.ends_at_unix))
    return _ended_take_text(state, take)


def _after(state: PanelState) -> str:
    if state.scene is not None and state.scene.kind is TakeKind.CALIBRATION:
        return say("**Next:** the next part, or deal a scene. No one rates a calibration.")
    return say("**Next:** rate, then go on to the next scene, or play this one again.")


def _recording_text(state: PanelState, take: Take, start: int, end: int) -> str:
    """How long a take has run, which Discord counts by itself: nothing is edited for it."""
    texts = [
        say(
            "🔴 **Take {number} is recording.** It began {start}, and ends at {end} at the latest.",
            number=take.number,
            start=f"<t:{start}:R>",
            end=f"<t:{end}:T>",
        )
    ]
    if state.is_eased:
        texts.append(say("🪶 **Keep it lighter from here.** No one needs to say why."))
    if state.is_near_end:
        texts.append(say("⏳ **Find your ending:** its time is up {end}.", end=f"<t:{end}:R>"))
    return "\n".join(texts)


def _ended_take_text(state: PanelState, take: Take) -> str:
    reason = _CUT_REASONS.get(take.cut_reason) if take.cut_reason else None
    why = say(reason, minutes=_PAUSE_MINUTES) if reason else ""
    if take.struck_at is not None:
        told = say("~~Take {number}~~ is discarded: it is neither rated nor exported.", number=take.number)
        after = say("**Next:** go on, or play this scene again.")
    elif take.state is TakeStatus.CUT:
        length = minutes(take.duration_samples or 0)
        told, after = say("Take {number} is kept ({length}).", number=take.number, length=length), _after(state)
    else:
        told = say("Take {number} was not recorded.", number=take.number)
        after = say("**Next:** start another.")
    return " ".join(text for text in (told, why, after) if text)


def _people_text(state: PanelState) -> str:
    rows: list[str] = []
    named_before = state.missing if state.session.pause_cause is PauseCause.DROPOUT else ()
    if absent := [user for user in state.absent if user not in named_before]:
        rows += _absent_rows(state, absent)
    if state.on_standby:
        waiting = mentions(state.on_standby)
        rows.append(say("On standby, to rate this scene and play in the next: {who}.", who=waiting))
    if state.unrecorded_users:
        rows.append(say("Not recorded: {who}.", who=mentions(state.unrecorded_users)))
    return "\n".join(rows)


def _absent_rows(state: PanelState, absent: list[UserId]) -> list[str]:
    idle = state.idle & set(absent)
    rows = [absent_text(gone)] if (gone := set(absent) - idle) else []
    moved = say("On stage, but moved to the AFK channel as idle: {who}.", who=mentions(idle))
    return [*rows, moved] if idle else rows


def _sealed_text(state: PanelState) -> str:
    if not state.undecryptable:
        return ""
    return say(
        "⚠️ The bot cannot decrypt {who}: their sound arrives, so their microphone is fine. It is asking Discord for "
        "new keys. If this stays, they leave the voice channel and join it again.",
        who=mentions(state.undecryptable),
    )

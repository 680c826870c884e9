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
from bot.ui.texts.panel_sound import holes_text, tracks_text
from bot.ui.texts.replay import replay_text
from bot.ui.texts.words import absent_text, count, low_disk_text, mentions, minutes, signed

LABELS: Mapping[Step, str] = {
    Step.BRING_BACK: "Bring me back",
    Step.SOUND_CHECK: "Sound check",
    Step.WARM_UP: "Warm-up",
    Step.VOICES: "Try voices",
    Step.DEBRIEF: "Debrief",
    Step.FINISH: "Finish",
    Step.CALIBRATE: "Calibrate",
    Step.DEAL: "Deal scene",
    Step.REDEAL: "Re-deal",
    Step.START: "Start take",
    Step.CUE: "Cue",
    Step.CUT: "Cut",
    Step.RETAKE: "Play again",
    Step.REPLAY: "Play another way",
    Step.STRIKE: "Discard",
    Step.NEXT: "Next scene",
    Step.NOTE: "Note",
    Step.PAUSE: "Pause",
    Step.RESUME: "Resume",
    Step.END: "End session",
}
"""What the coordinator's buttons say."""

NEXT_PART_BUTTON = "Next part"
"""What the Calibrate button says in a calibration."""

RESTORE_BUTTON = "Restore"
"""What the button that strikes a take says while it is struck."""

CARD_BUTTON = "My card"
RATE_BUTTON = "Rate"
PROMPT_BUTTON = "The prompt"
LINES_BUTTON = "Lines"
CONSENT_BUTTON = "Consent"
X_CARD_BUTTON = "Stop (X-card)"
X_CARD_SIGN = "✋"
EASE_OFF_BUTTON = "Ease off"
EASE_OFF_SIGN = "🪶"

_PAUSE_MINUTES = PAUSES_AT_MOST_SECONDS // 60

_CUT_REASONS = {
    CutReason.TIME_LIMIT: " It reached its time limit.",
    CutReason.INTERRUPTED: " The bot was interrupted during the take.",
    CutReason.DISK: " ⚠️ It was cut: the recordings could not be written. Make room on the disk, then play it again.",
    CutReason.VOICE_LOST: " ⚠️ It was cut because the voice connection was lost.",
    CutReason.DROPOUT: " It was cut because a performer left.",
    CutReason.PAUSED: f" It was cut where its last pause began, because it was paused for {_PAUSE_MINUTES} min.",
    CutReason.MOVED: " It was called off because the bot was moved to another channel.",
}
"""Why a take was cut, if no one cut it by hand."""


def panel_texts(state: PanelState) -> list[str]:
    """The panel's paragraphs, without anything private."""
    head = f"## Session {state.session.session_id}\n"
    if state.phase is Phase.ENDED:
        return [f"{head}{_summary(state)}"]
    texts = [f"{head}Takes are recorded: one track per performer who consents."]
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
    counts = state.counts
    texts.append(
        f"-# {count(counts.takes, 'take')}, {count(counts.ratings, 'rating')} so far. **My card** shows your part."
    )
    return texts


def label_of(state: PanelState, step: Step) -> str:
    """What a coordinator's button says now."""
    if step is Step.WARM_UP and state.interlude:
        return NEXT_EXERCISE_BUTTON
    is_going_on = step is Step.CALIBRATE and state.scene is not None and state.scene.kind is TakeKind.CALIBRATION
    return NEXT_PART_BUTTON if is_going_on else LABELS[step]


def _summary(state: PanelState) -> str:
    counts = state.counts
    played = f"{count(counts.scenes, 'scene')}, {count(counts.takes, 'take')}"
    kept = f"{minutes(counts.recorded_samples)} of tracks, {count(counts.ratings, 'rating')}"
    return f"This session is over: {played}, {kept}. Thank you all.{_rating_text(state)}"


def _rating_text(state: PanelState) -> str:
    if state.rated_until_unix is None:
        return ""
    if not state.can_be_rated:
        return "\nThe time for rating is over."
    until = f"<t:{round(state.rated_until_unix)}:f>"
    return f"\nIf you were here, you can still rate until {until}: press **Rate** or use `/rate`."


def _paused_text(state: PanelState) -> str:
    if state.session.pause_cause is PauseCause.MOVED:
        return "⏸️ **Paused, because the bot is not here.** The take goes on by itself when the bot is back."
    if state.missing and state.session.pause_cause is PauseCause.DROPOUT:
        why = " and ".join(_dropout_clauses(state))
        return f"⏸️ **Paused: {why}.** The session resumes by itself when they are back."
    is_waiting = state.take is not None and state.take.state is TakeStatus.RECORDING
    waits = f" A take that is paused for {_PAUSE_MINUTES} min altogether is cut." if is_waiting else ""
    if state.break_until_unix is not None:
        until = round(state.break_until_unix)
        return (
            f"☕ **Break until <t:{until}:t>** (<t:{until}:R>). Nothing is recorded until **Resume** is pressed.{waits}"
        )
    return f"⏸️ **Paused.** Nothing is recorded until a coordinator presses **Resume**.{waits}"


def _dropout_clauses(state: PanelState) -> list[str]:
    idle = state.idle & set(state.missing)
    gone = set(state.missing) - idle
    dropped_out = [f"{mentions(gone)} dropped out"] if gone else []
    went_idle = [f"Discord moved {mentions(idle)} to the AFK channel, because they were idle"] if idle else []
    return dropped_out + went_idle


def _scene_text(state: PanelState) -> str:
    if state.was_stopped:
        return "✋ **The scene was stopped.** No one needs to say why. **Next:** a coordinator deals another scene."
    if state.scene is None:
        return "**Next:** everyone consents, then a coordinator deals a scene."
    if state.scene.kind is TakeKind.CALIBRATION:
        return f"{calibration_scene_text(state.scene)}\n{_cast_text(state)}\n{_take_text(state)}"
    place = f"\nPlace: {state.scene.place}." if state.scene.place else ""
    if again := replay_text(state.scene):
        place += f"\n🔁 {again}"
    return (
        f"**Scene {state.scene.number}: {state.scene.prompt_title}**{place}\n{_cast_text(state)}\n{_take_text(state)}"
    )


def _cast_text(state: PanelState) -> str:
    if state.phase is not Phase.DEALT:
        return f"On stage: {mentions(casting.discord_user_id for casting in state.castings)}."
    read = [signed("✅" if one.card_seen_at else "✉️", f"<@{one.discord_user_id}>") for one in state.castings]
    return f"On stage: {', '.join(read)} (✅ has read their card)."


def _take_text(state: PanelState) -> str:
    take = state.take
    if take is None:
        return "**Next:** read your card, then a coordinator starts the take."
    if state.starts_at_unix is not None and state.ends_at_unix is not None:
        if state.phase is Phase.COUNTDOWN:
            return f"🟡 **Take {take.number} starts <t:{round(state.starts_at_unix)}:R>.**"
        if state.phase is Phase.PAUSED:
            return f"⏸️ Take {take.number} is on hold."
        return _recording_text(state, take, round(state.starts_at_unix), round(state.ends_at_unix))
    return _ended_take_text(state, take)


def _after(state: PanelState) -> str:
    if state.scene is not None and state.scene.kind is TakeKind.CALIBRATION:
        return "the next part, or deal a scene. No one rates a calibration."
    return "rate, then go on to the next scene, or play this one again."


def _recording_text(state: PanelState, take: Take, start: int, end: int) -> str:
    """How long a take has run, which Discord counts by itself: nothing is edited for it."""
    texts = [f"🔴 **Take {take.number} is recording.** It began <t:{start}:R>, and ends at <t:{end}:T> at the latest."]
    if state.is_eased:
        texts.append("🪶 **Keep it lighter from here.** No one needs to say why.")
    if state.is_near_end:
        texts.append(f"⏳ **Find your ending:** its time is up <t:{end}:R>.")
    return "\n".join(texts)


def _ended_take_text(state: PanelState, take: Take) -> str:
    why = _CUT_REASONS.get(take.cut_reason, "") if take.cut_reason else ""
    if take.struck_at is not None:
        struck = f"~~Take {take.number}~~ is discarded: it is neither rated nor exported."
        return f"{struck}{why} **Next:** go on, or play this scene again."
    if take.state is TakeStatus.CUT:
        kept = f"Take {take.number} is kept ({minutes(take.duration_samples or 0)})."
        return f"{kept}{why} **Next:** {_after(state)}"
    return f"Take {take.number} was not recorded.{why} **Next:** start another."


def _people_text(state: PanelState) -> str:
    rows: list[str] = []
    named_before = state.missing if state.session.pause_cause is PauseCause.DROPOUT else ()
    if absent := [user for user in state.absent if user not in named_before]:
        rows += _absent_rows(state, absent)
    if state.on_standby:
        rows.append(f"On standby, to rate this scene and play in the next: {mentions(state.on_standby)}.")
    if state.unrecorded_users:
        rows.append(f"Not recorded: {mentions(state.unrecorded_users)}.")
    return "\n".join(rows)


def _absent_rows(state: PanelState, absent: list[UserId]) -> list[str]:
    idle = state.idle & set(absent)
    rows = [absent_text(gone)] if (gone := set(absent) - idle) else []
    return [*rows, f"On stage, but moved to the AFK channel as idle: {mentions(idle)}."] if idle else rows


def _sealed_text(state: PanelState) -> str:
    if not state.undecryptable:
        return ""
    who = mentions(state.undecryptable)
    return (
        f"⚠️ The bot cannot decrypt {who}: their sound arrives, so their microphone is fine. It is asking Discord for "
        "new keys. If this stays, they leave the voice channel and join it again."
    )

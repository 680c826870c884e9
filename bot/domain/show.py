"""How an evening runs: the phases of a session, and what can be done in each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.states import Interlude, TakeKind, TakeStatus


class Phase(StrEnum):
    """Where a session is."""

    GATHERING = "gathering"
    DEALT = "dealt"
    COUNTDOWN = "countdown"
    RECORDING = "recording"
    CUT = "cut"
    INTERLUDE = "interlude"
    PAUSED = "paused"
    ENDED = "ended"


class Step(StrEnum):
    """What a coordinator can do next."""

    BRING_BACK = "bring-back"
    SOUND_CHECK = "sound-check"
    WARM_UP = "warm-up"
    VOICES = "voices"
    DEBRIEF = "debrief"
    FINISH = "finish"
    CALIBRATE = "calibrate"
    DEAL = "deal"
    REDEAL = "redeal"
    START = "start"
    CUE = "cue"
    CUT = "cut"
    RETAKE = "retake"
    REPLAY = "replay"
    STRIKE = "strike"
    NEXT = "next"
    NOTE = "note"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


STEPS: Mapping[Phase, tuple[Step, ...]] = {
    Phase.GATHERING: (
        *(Step.SOUND_CHECK, Step.DEAL, Step.CALIBRATE),
        *(Step.WARM_UP, Step.VOICES, Step.NOTE, Step.PAUSE, Step.END),
    ),
    Phase.DEALT: (Step.START, Step.REDEAL, Step.SOUND_CHECK, Step.NEXT, Step.NOTE, Step.PAUSE, Step.END),
    Phase.COUNTDOWN: (Step.CUT, Step.PAUSE),
    Phase.RECORDING: (Step.CUT, Step.CUE, Step.NOTE, Step.PAUSE),
    Phase.CUT: (
        *(Step.NEXT, Step.RETAKE, Step.REPLAY, Step.STRIKE),
        *(Step.CALIBRATE, Step.NOTE, Step.PAUSE, Step.DEBRIEF, Step.END),
    ),
    Phase.INTERLUDE: (Step.FINISH, Step.PAUSE, Step.END),
    Phase.PAUSED: (Step.RESUME, Step.CUT, Step.NOTE, Step.END),
    Phase.ENDED: (),
}
"""The steps of each phase in the order of an evening, at most nine of them, so that a panel has two rows of buttons.

CUE also needs a cue that waits, and CUT in a pause a running take. What is left out here still has its command.

BRING_BACK is no phase's own: it comes first if the bot is not in the session's channel.
"""

_FIXED: tuple[Step, ...] = (Step.START, Step.NEXT, Step.SOUND_CHECK, Step.NOTE, Step.PAUSE, Step.END)
"""The steps before a calibration or a replay is played: neither is dealt again."""

CALIBRATION_STEPS: Mapping[Phase, tuple[Step, ...]] = {
    Phase.DEALT: _FIXED,
    Phase.CUT: (
        *(Step.CALIBRATE, Step.RETAKE, Step.STRIKE),
        *(Step.NEXT, Step.NOTE, Step.PAUSE, Step.DEBRIEF, Step.END),
    ),
}
"""What is different in a calibration: it is not dealt again, and its next part comes first after a cut."""

_OF_KIND: Mapping[TakeKind, Mapping[Phase, tuple[Step, ...]]] = {
    TakeKind.SCENE: {},
    TakeKind.CALIBRATION: CALIBRATION_STEPS,
    TakeKind.REPLAY: {Phase.DEALT: _FIXED},
}


INTERLUDE_STEPS: Mapping[Interlude, tuple[Step, ...]] = {
    Interlude.WARM_UP: (Step.WARM_UP, Step.VOICES, Step.FINISH, Step.PAUSE, Step.END),
    Interlude.VOICES: (Step.FINISH, Step.PAUSE, Step.END),
    Interlude.DEBRIEF: (Step.FINISH, Step.PAUSE, Step.END),
}
"""The steps of an interlude: nothing in it is recorded, checked or noted."""


def steps_of(phase: Phase, kind: TakeKind, interlude: Interlude | None = None) -> tuple[Step, ...]:
    """Return the steps of a phase while a scene of this kind, or this interlude, is on."""
    if phase is Phase.INTERLUDE and interlude:
        return INTERLUDE_STEPS[interlude]
    return _OF_KIND[kind].get(phase, STEPS[phase])


def phase_of(
    *, is_open: bool, is_paused: bool, has_interlude: bool = False, has_scene: bool, take_state: TakeStatus | None
) -> Phase:
    """Return the phase of a session from its facts. `take_state` is the state of the current scene's newest take."""
    if not is_open:
        return Phase.ENDED
    if is_paused:
        return Phase.PAUSED
    if has_interlude:
        return Phase.INTERLUDE
    if not has_scene:
        return Phase.GATHERING
    if take_state is TakeStatus.COUNTDOWN:
        return Phase.COUNTDOWN
    if take_state is TakeStatus.RECORDING:
        return Phase.RECORDING
    return Phase.DEALT if take_state is None else Phase.CUT

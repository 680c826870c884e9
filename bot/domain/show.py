"""How an evening runs: the phases of a session, and what can be done in each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.states import TakeKind, TakeStatus


class Phase(StrEnum):
    """Where a session is."""

    GATHERING = "gathering"
    DEALT = "dealt"
    COUNTDOWN = "countdown"
    RECORDING = "recording"
    CUT = "cut"
    PAUSED = "paused"
    ENDED = "ended"


class Step(StrEnum):
    """What a coordinator can do next."""

    BRING_BACK = "bring-back"
    SOUND_CHECK = "sound-check"
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
    Phase.GATHERING: (Step.DEAL, Step.SOUND_CHECK, Step.CALIBRATE, Step.NOTE, Step.PAUSE, Step.END),
    Phase.DEALT: (Step.START, Step.REDEAL, Step.SOUND_CHECK, Step.NEXT, Step.NOTE, Step.PAUSE, Step.END),
    Phase.COUNTDOWN: (Step.CUT, Step.PAUSE),
    Phase.RECORDING: (Step.CUT, Step.CUE, Step.NOTE, Step.PAUSE),
    Phase.CUT: (
        *(Step.NEXT, Step.RETAKE, Step.STRIKE),
        *(Step.REPLAY, Step.SOUND_CHECK, Step.CALIBRATE, Step.NOTE, Step.PAUSE, Step.END),
    ),
    Phase.PAUSED: (Step.RESUME, Step.CUT, Step.NOTE, Step.END),
    Phase.ENDED: (),
}
"""The steps of each phase, the likeliest first. CUE also needs a cue that waits, and CUT in a pause a running take.

BRING_BACK is no phase's own: it comes first if the bot is not in the session's channel.
"""

CALIBRATION_STEPS: Mapping[Phase, tuple[Step, ...]] = {
    Phase.DEALT: (Step.START, Step.NEXT, Step.SOUND_CHECK, Step.NOTE, Step.PAUSE, Step.END),
    Phase.CUT: (
        *(Step.CALIBRATE, Step.RETAKE, Step.STRIKE),
        *(Step.NEXT, Step.SOUND_CHECK, Step.NOTE, Step.PAUSE, Step.END),
    ),
}
"""What is different in a calibration: it is not dealt again, and its next part comes first after a cut."""


def steps_of(phase: Phase, kind: TakeKind) -> tuple[Step, ...]:
    """Return the steps of a phase while a scene of this kind is on."""
    return (CALIBRATION_STEPS if kind is TakeKind.CALIBRATION else STEPS).get(phase, STEPS[phase])


def phase_of(*, is_open: bool, is_paused: bool, has_scene: bool, take_state: TakeStatus | None) -> Phase:
    """Return the phase of a session from its facts. `take_state` is the state of the current scene's newest take."""
    if not is_open:
        return Phase.ENDED
    if is_paused:
        return Phase.PAUSED
    if not has_scene:
        return Phase.GATHERING
    if take_state is TakeStatus.COUNTDOWN:
        return Phase.COUNTDOWN
    if take_state is TakeStatus.RECORDING:
        return Phase.RECORDING
    return Phase.DEALT if take_state is None else Phase.CUT

"""Claims about cues: when they were sent and acknowledged, and which targets may be claimed because of that.

The rule is repeated here, over what the cast noted, because the checker must not believe the bot's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.ids import UserId
from bot.domain.states import TargetClaim
from bot.rehearsal.checking.claims import Case, Claim, seconds
from bot.rehearsal.checking.evidence import CueLeft, TurnLeft
from bot.rehearsal.checking.story import Cue, TakePlayed

CUE_SECONDS = 0.1
"""The largest difference between the store's moments of a cue and those at which it appeared and was acknowledged."""

REPEATED_SECONDS = 4.5
"""How long before its appearance a cue can have been sent for the first time."""

REMEMBERED_AFTER_SECONDS = 5.0
"""From when after the last sending the second target is claimed for a performer who remembers the cue."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Until when the first target may be claimed (None: to the end), and from when the second one (None: never).

    Both are seconds on the take's clock.
    """

    first_until: float | None
    second_from: float | None

    def claim_at(self, at: float) -> TargetClaim:
        """Return what may be claimed of a turn that begins at a moment."""
        if self.first_until is None or at < self.first_until:
            return TargetClaim.FIRST
        is_second = self.second_from is not None and at >= self.second_from
        return TargetClaim.SECOND if is_second else TargetClaim.UNCERTAIN


NO_CUE = Bounds(None, None)


def cues_are_when_told(case: Case) -> Claim:
    """The store has a cue for everyone who was told, and for no one else, with that emotion and all of its times."""
    claim = Claim(
        "Every cue is in the store with its emotion, and within 100 ms of when it appeared and was acknowledged."
    )
    for take in case.story.takes:
        left = case.take_left(take.scene, take.number)
        kept = {one.discord_user_id: one for one in case.left.cues if left and one.take_id == left.take_id}
        for user in sorted(take.cues.keys() | kept.keys()):
            claim.check(user in kept, f"{take}: the cue of {user} is not in the store")
            claim.check(user in take.cues, f"{take}: {user} was never told of their cue")
            if user in kept and user in take.cues:
                _check_times(claim, take, take.cues[user], kept[user])
                told, second = take.cues[user], _second_emotion(case, take, user)
                claim.check(second == told.emotion, f"{take}: {user} was told {told.emotion}, but dealt {second}")
    return claim


def who_pressed_nothing_was_asked(case: Case) -> Claim:
    """Everyone who was told and pressed nothing was asked once after the cut, others never. Answers are stored."""
    claim = Claim("Performers who did not acknowledge their cue were asked once, no one else was; answers are stored.")
    for take in case.story.takes:
        left = case.take_left(take.scene, take.number)
        for user, told in take.cues.items():
            kept = _cue_left(case, left.take_id if left else None, user)
            is_asked = take.ended_by == "coordinator" and told.acknowledged_at is None
            claim.check(told.asked == is_asked, f"{take}: {user} was asked {told.asked} times about their cue")
            answer = kept.answer if kept else None
            claim.check(answer == told.answer, f"{take}: {user} answered {told.answer}, the store has {answer}")
    return claim


def targets_are_in_force(case: Case) -> Claim:
    """No turn claims a target that its performer is not known to have been told, by what they pressed and answered."""
    claim = Claim(
        "Every turn claims the target that was known to be in force when it began, until a cue in it, or none."
    )
    takes = {left.take_id: take for take in case.story.takes if (left := case.take_left(take.scene, take.number))}
    for turn in case.left.turns:
        take = takes.get(turn.take_id)
        if take is None or turn.discord_user_id not in take.cards:
            claim.check(False, f"turn {turn.turn_id} belongs to no one on stage")
            continue
        if take.cards[turn.discord_user_id].emotion is None:
            none = (turn.claim, turn.target_emotion) == (None, None)
            claim.check(none, f"{take}: turn {turn.turn_id} of a calibration has {turn.target_emotion}")
            continue
        wanted = _wanted(case, take, turn)
        emotion = _emotion(take, turn.discord_user_id, wanted)
        claim.check(
            (turn.claim, turn.target_emotion) == (wanted, emotion),
            f"{take}: turn {turn.turn_id} of {turn.discord_user_id} has {turn.target_emotion} ({turn.claim}), "
            f"in force: {emotion} ({wanted})",
        )
        until = _until(case, take, turn)
        claim.check(
            turn.target_until_samples == until,
            f"{take}: the target of turn {turn.turn_id} ends at {turn.target_until_samples}, the cue came at {until}",
        )
    return claim


def _check_times(claim: Claim, take: TakePlayed, told: Cue, kept: CueLeft) -> None:
    # A request that Discord answers late, or that is repeated, may have worked at its beginning.
    early = told.at - take.started_at - seconds(kept.position_samples)
    claim.check(early <= REPEATED_SECONDS, f"{take}: the cue of {told.user_id} came {early:.1f} s after its sending")
    claim.check_time(max(-early, 0), CUE_SECONDS, f"{take}: the cue of {told.user_id}")
    moments = {
        "cue under the card": (told.card_at, kept.card_sent_samples),
        "cue by message": (told.dm_at, kept.dm_sent_samples),
        "acknowledgement": (told.acknowledged_at, kept.acknowledged_samples),
    }
    for what, (at, position) in moments.items():
        if at is not None and position is not None:
            off = seconds(position) - (at - take.started_at)
            claim.check_time(off, CUE_SECONDS, f"{take}: the {what} of {told.user_id}")
        else:
            claim.check(at is position, f"{take}: the {what} of {told.user_id} came at {at}, in the store: {position}")


def _bounds(told: Cue | None, started_at: float) -> Bounds:
    """Return what may be claimed, by what the cast noted."""
    if told is None or (told.acknowledged_at is None and told.answer == "not_seen"):
        return NO_CUE
    sent = told.at - started_at
    if told.acknowledged_at is not None:
        return Bounds(sent, told.acknowledged_at - started_at)
    if told.answer == "saw":
        return Bounds(sent, told.last_at - started_at + REMEMBERED_AFTER_SECONDS)
    return Bounds(sent, None)


def _stored(bounds: Bounds, kept: CueLeft | None) -> Bounds:
    """Return the same with the store's moments: right at a cue, these decide."""
    if kept is None or bounds.first_until is None:
        return bounds
    last = max(kept.position_samples, kept.card_sent_samples or 0, kept.dm_sent_samples or 0)
    if bounds.second_from is None:
        return Bounds(seconds(kept.position_samples), None)
    is_pressed = kept.acknowledged_samples is not None
    second = seconds(kept.acknowledged_samples or 0) if is_pressed else seconds(last) + REMEMBERED_AFTER_SECONDS
    return Bounds(seconds(kept.position_samples), second)


def _wanted(case: Case, take: TakePlayed, turn: TurnLeft) -> TargetClaim:
    bounds = _bounds(take.cues.get(turn.discord_user_id), take.started_at)
    kept = _cue_left(case, turn.take_id, turn.discord_user_id)
    if kept is not None and bounds.first_until is not None:
        # A rule that says that it was sent earlier claims less.
        bounds = replace(bounds, first_until=min(bounds.first_until, seconds(kept.position_samples)))
    at = seconds(turn.start_samples)
    before, after = bounds.claim_at(at - CUE_SECONDS), bounds.claim_at(at + CUE_SECONDS)
    return before if before is after else _stored(bounds, kept).claim_at(at)


def _until(case: Case, take: TakePlayed, turn: TurnLeft) -> int | None:
    """Return where the claim of a turn ends within it: where its cue was sent, by the store's moment of that."""
    kept = _cue_left(case, turn.take_id, turn.discord_user_id)
    bounds = _bounds(take.cues.get(turn.discord_user_id), take.started_at)
    if kept is None or bounds.first_until is None:
        return None
    return kept.position_samples if turn.start_samples < kept.position_samples < turn.end_samples else None


def _emotion(take: TakePlayed, user: UserId, claim: TargetClaim) -> str | None:
    told = take.cues.get(user)
    second = told.emotion if told else None
    return {TargetClaim.FIRST: take.cards[user].emotion, TargetClaim.SECOND: second}.get(claim)


def _cue_left(case: Case, take_id: int | None, user: UserId) -> CueLeft | None:
    return next((one for one in case.left.cues if (one.take_id, one.discord_user_id) == (take_id, user)), None)


def _second_emotion(case: Case, take: TakePlayed, user: UserId) -> str | None:
    for one in case.left.castings:
        if (one.scene, one.discord_user_id) == (take.scene, user):
            return one.second_emotion
    return None

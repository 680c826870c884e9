"""Claims about what was played: takes, their tracks, castings, and who was present."""

from __future__ import annotations

from bot.domain.ids import UserId
from bot.rehearsal.checking.claims import Case, Claim, seconds
from bot.rehearsal.latency import percentile

EDGE_SECONDS = 0.2
"""So close to a take's start and end, a frame can be inside or outside."""

LEAST_FRAMES = 25
"""Half a second of sound. A performer who said less in a take may have no track."""

LENGTH_SECONDS = 0.1
"""The largest difference between a take's length and its length by the coordinator's clock: a press takes time."""

LATE_SECONDS = 0.1
PAUSE_SECONDS = 0.5
"""How soon a dropout is noticed, and a return."""


def cast_kept_pace(case: Case) -> Claim:
    """The cast's frames were sent in time. On a machine that is too slow, an evening proves nothing."""
    claim = Claim("The cast sent 99 of 100 frames in time.")
    late = case.story.frames_late_s
    if late:
        claim.check_time(percentile(late, 99), LATE_SECONDS, "The 99th percentile of the frames")
        claim.checked = len(late)
    return claim


def takes_are_those_played(case: Case) -> Claim:
    """Both sides have the same takes, with the same end, length and strike."""
    claim = Claim("Every take is in the store with its end, its length, and whether it was struck.")
    struck = case.story.struck()
    for take in case.story.takes:
        left = case.take_left(take.scene, take.number)
        if left is None or left.duration_samples is None:
            claim.check(False, f"{take} is not in the store, or has no recording".capitalize())
            continue
        claim.check(left.state == "cut", f"{take} is kept as {left.state}")
        claim.check(left.cut_reason == take.ended_by, f"{take}: cut by {left.cut_reason}, not by {take.ended_by}")
        is_struck = (take.scene, take.number) in struck
        claim.check((left.struck_at is not None) == is_struck, f"{take}: struck at {left.struck_at}")
        lasted = take.ended_at - take.started_at
        claim.check_time(seconds(left.duration_samples) - lasted, LENGTH_SECONDS, f"the length of {take}")
    numbers = {(take.scene, take.number) for take in case.story.takes}
    for left in case.left.takes:
        if (left.scene, left.number) not in numbers:
            claim.check(False, f"no one called take {left.number} of scene {left.scene}")
    return claim


def takes_have_their_tracks(case: Case) -> Claim:
    """Each performer who spoke on stage has a track as long as the take, and no one else has one."""
    claim = Claim("Every take has a track of each performer who spoke on stage, and of no one else.")
    for take in case.story.takes:
        left = case.take_left(take.scene, take.number)
        tracks = case.tracks(left) if left else {}
        since, until = take.started_at + EDGE_SECONDS, take.ended_at - EDGE_SECONDS
        for user in take.cards:
            if case.story.spoke(user, since, until) >= LEAST_FRAMES:
                claim.check(user in tracks, f"{take}: {user} spoke and has no track")
        for user, samples in tracks.items():
            claim.check(user in take.cards, f"{take}: {user} has a track but was not on stage")
            whole = left.duration_samples or 0 if left else 0
            claim.check(abs(seconds(samples - whole)) <= LENGTH_SECONDS, f"{take}: the track of {user} is cut short")
    return claim


def castings_are_the_cards(case: Case) -> Claim:
    """Each casting is what its performer read last, and everyone read what they were dealt."""
    claim = Claim("Every casting is the card that its performer read.")
    dealt = {(one.scene, one.discord_user_id): (one.target_emotion, one.role) for one in case.left.castings}
    read = {
        (scene, user): (card.emotion, card.role)
        for scene in case.story.scenes
        for user, card in case.story.cards_in_force(scene).items()
    }
    for scene, user in sorted(dealt.keys() | read.keys()):
        told, kept = read.get((scene, user)), dealt.get((scene, user))
        claim.check(told == kept, f"scene {scene}: {user} read {told}, but the store has {kept}")
    return claim


def late_ones_play_later(case: Case) -> Claim:
    """A performer who joined after the first take was called is dealt nothing before, and something afterwards."""
    claim = Claim("Latecomers were dealt no part before they came, and one afterwards.")
    called = min((take.called_at for take in case.story.takes), default=float("inf"))
    joined: dict[UserId, float] = {}
    for entry in case.story.kinds["joined_voice"]:
        joined.setdefault(entry["user_id"], entry["t"])
    for user, at in joined.items():
        if at <= called:
            continue
        later = [scene for scene in case.story.scenes if case.story.dealt_at(scene) > at]
        played = [one.scene for one in case.left.castings if one.discord_user_id == user]
        claim.check(set(played) <= set(later), f"{user} was dealt a part before they came")
        claim.check(bool(played) or not later, f"{user} was never dealt a part")
    return claim


def dropouts_are_holes(case: Case) -> Claim:
    """If a performer left in the middle of a take, nothing is recorded until they are back."""
    claim = Claim("Every dropout paused its take until its performer was back.")
    for take in case.story.takes:
        left = case.take_left(take.scene, take.number)
        holes = [one for one in case.left.holes if left and one.take_id == left.take_id and one.cause == "pause"]
        absences = case.story.absences(take)
        claim.check(len(holes) == len(absences), f"{take}: {len(absences)} dropped out, {len(holes)} pauses")
        for (user, gone, back), hole in zip(absences, holes, strict=False):
            start, end = gone - take.started_at, back - take.started_at
            claim.check_time(seconds(hole.start_samples) - start, PAUSE_SECONDS, f"{take}: the pause for {user}")
            claim.check_time(seconds(hole.end_samples) - end, PAUSE_SECONDS, f"{take}: the return of {user}")
    return claim


def countdowns_were_heard(case: Case) -> Claim:
    """The bot plays a sound between the call and the start, and everyone in the channel hears it."""
    claim = Claim("Everyone in the channel heard every countdown.")
    for take in case.story.takes:
        heard = {
            one["user_id"] for one in case.story.kinds["bot_heard"] if take.called_at <= one["t"] <= take.started_at
        }
        for user in sorted(case.story.in_channel(take.called_at)):
            claim.check(user in heard, f"{take}: {user} heard no countdown")
    return claim

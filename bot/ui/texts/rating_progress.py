"""How far the rating of a session is: clips by number of ratings, what can be reached, and whom to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from bot.domain.ids import UserId
from bot.domain.queue.order import LEAST_ANSWERS
from bot.domain.queue.reach import Reach
from bot.services.rating.waiting import Waiting
from bot.ui.texts.language import say, say_count
from bot.ui.texts.words import MOST_MENTIONS


def steps_of(waiting: Waiting) -> list[tuple[str, int]]:
    """How many clips have how many ratings, in steps with their labels: 0, 1, 2, then up to what is wanted, and that.

    What is wanted can be less than three.
    """
    wanted, counts = waiting.reach.wanted, Counter(waiting.rated)
    few = range(min(LEAST_ANSWERS, wanted))
    steps = [(say_count("{number} rating", "{number} ratings", few_of), counts[few_of]) for few_of in few]
    if wanted > LEAST_ANSWERS:
        between = sum(counts[number] for number in range(LEAST_ANSWERS, wanted))
        is_one = wanted - 1 == LEAST_ANSWERS
        label = str(LEAST_ANSWERS) if is_one else say("{low} to {high}", low=LEAST_ANSWERS, high=wanted - 1)
        steps.append((say("{numbers} ratings", numbers=label), between))
    enough = sum(clips for number, clips in counts.items() if number >= wanted)
    return [*steps, (say("{number} or more (wanted)", number=wanted), enough)]


def progress_text(waiting: Waiting) -> str:
    """How many clips have how many ratings."""
    clips = sum(waiting.rated.values())
    if not clips:
        return say("There are no clips to rate.")
    counted = "; ".join(f"{label}: {number}" for label, number in steps_of(waiting))
    return say_count("{number} clip. {counted}.", "{number} clips. {counted}.", clips, counted=counted)


def still_to_ask_text(left: Mapping[UserId, int]) -> str:
    """Who has clips left, those with most first; it pings no one."""
    if not left:
        return say("No one who was there and consents to rate has a clip left.")
    ordered = sorted(left.items(), key=lambda one: (-one[1], one[0]))
    named = ", ".join(f"<@{user}> ({clips})" for user, clips in ordered[:MOST_MENTIONS])
    if (more := len(ordered) - MOST_MENTIONS) > 0:
        named = say("{named} and {number} more", named=named, number=more)
    return say("Still to be asked, with the clips that each has left: {who}.", who=named)


def reach_text(reach: Reach) -> str:
    """How many raters are missing so that each clip can have as many ratings as are wanted; empty if none are."""
    if not reach.missing:
        return ""
    missing = say_count(
        "{number} more rater is needed, who has played in none of them.",
        "{number} more raters are needed, who have played in none of them.",
        reach.missing,
    )
    told = say_count(
        "With these raters, {number} clip cannot reach the {wanted} ratings that are wanted, only {least}.",
        "With these raters, {number} clips cannot reach the {wanted} ratings that are wanted, some only {least}.",
        reach.short,
        wanted=reach.wanted,
        least=reach.least,
    )
    invite = say("`/ratings invite` asks people who were not there.")
    return f"\n{told} {missing} {invite}"

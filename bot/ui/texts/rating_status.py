"""How the rating of a session stands, in words: every number of the pictures is here, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain.emotions import OTHER
from bot.domain.instrument import EMOTION_ITEM
from bot.services.rating.agreement import Agreement, Confusion, Figures
from bot.services.rating.status import Status
from bot.statistics.alpha import Alpha, Level
from bot.statistics.confusion import HitRate
from bot.statistics.undefined import FEWEST_TURNS, Undefined
from bot.ui.texts.language import phrase, say, say_count
from bot.ui.texts.rating_progress import progress_text, reach_text, still_to_ask_text
from bot.ui.texts.words import scale_name

LONGEST_PAGE = 1900
"""A message has at most 2,000 characters."""

REASONS: Mapping[Undefined, str] = {
    Undefined.NO_ANSWERS: phrase("no one has answered"),
    Undefined.NO_PAIRS: phrase("no clip has answers of two raters"),
    Undefined.NO_VARIATION: phrase("all answers are the same, so chance alone would agree as well"),
    Undefined.NO_DISAGREEMENT: phrase("raters differ in one clip at most"),
    Undefined.TOO_FEW_TURNS: phrase("fewer than {number} clips"),
}
"""Why α or its interval is undefined, in the middle of a sentence."""

_LEVELS: Mapping[Level, str] = {
    Level.NOMINAL: phrase("same or not"),
    Level.ORDINAL: phrase("order"),
    Level.INTERVAL: phrase("distance"),
}


def status_pages(status: Status) -> list[str]:
    """Everything about the rating of a session, in messages."""
    return _pages([*_head(status), *_agreement(status), *_confusion(status)])


def _head(status: Status) -> Iterable[str]:
    waiting = status.waiting
    yield f"**{say('Ratings of session {number}.', number=status.session_id)}** {_until(status)}"
    yield progress_text(waiting)
    if not waiting.is_complete:
        yield say("The clips of the last take are not ready yet.")
    if status.is_on:
        if reached := reach_text(waiting.reach).strip():
            yield reached
        yield still_to_ask_text(waiting.left)


def _until(status: Status) -> str:
    if status.is_open:
        return say("It is open.")
    if not status.is_on or status.until_unix is None:
        return say("Its time for rating is over.")
    return say("It can be rated until {time}.", time=f"<t:{round(status.until_unix)}:f>")


def _agreement(status: Status) -> Iterable[str]:
    yield ""
    yield f"**{say('Agreement')}** {say('(Krippendorff’s α: 1 is perfect, 0 is what chance gives)')}"
    for one in status.figures.agreement:
        yield f"- {alpha_text(one)}"


def alpha_text(found: Agreement) -> str:
    """The agreement on one item, with its interval, or why there is none."""
    text = say(
        "{item} ({level}): {figures}",
        item=scale_name(found.item),
        level=say(_LEVELS[found.level]),
        figures=_alpha(found.everyone),
    )
    if found.everyone.alpha is None or found.without_partners.answers == found.everyone.answers:
        return text
    return f"{text}. {say('Without partners: {figures}', figures=_alpha(found.without_partners))}"


def emotion_text(figures: Figures) -> str:
    """How far raters agree on the emotion, as a sentence for the end of a session."""
    (alpha,) = [one.everyone for one in figures.agreement if one.item == EMOTION_ITEM]
    return say("Agreement on the emotion (α): {figures}.", figures=_alpha(alpha))


def _alpha(alpha: Alpha) -> str:
    if alpha.reason or alpha.alpha is None:
        return say("undefined ({reason})", reason=reason_text(alpha.reason))
    counted = counted_text(alpha)
    if alpha.interval is None:
        why = reason_text(alpha.interval_reason)
        return say("{alpha}, no interval ({reason}); {counted}", alpha=_two(alpha.alpha), reason=why, counted=counted)
    low, high = _two(alpha.interval.low), _two(alpha.interval.high)
    return say(
        "{alpha}, 95 % interval {low} to {high}; {counted}",
        alpha=_two(alpha.alpha),
        low=low,
        high=high,
        counted=counted,
    )


def counted_text(alpha: Alpha) -> str:
    """How many clips and raters α is from."""
    clips = say_count("{number} clip", "{number} clips", alpha.units)
    return f"{clips}, {say_count('{number} rater', '{number} raters', alpha.raters)}"


def reason_text(reason: Undefined | None) -> str:
    """Why α or its interval is undefined."""
    assert reason is not None
    return say(REASONS[reason], number=FEWEST_TURNS)


def _confusion(status: Status) -> Iterable[str]:
    yield ""
    yield f"**{say('Dealt and heard')}**"
    if status.has_hidden_targets and not status.is_on and status.shown_from_unix:
        when = f"<t:{round(status.shown_from_unix)}:t>"
        yield say("What was dealt is shown from {time} on: until then, forms can be sent that are open.", time=when)
        return
    if status.has_hidden_targets:
        yield say(
            "What was dealt is hidden while the session can be rated, because raters must not know it. "
            "`/ratings status targets:True` shows it now, and you can then no longer rate this session."
        )
        return
    found = status.figures.confusion
    if found is None:
        yield say("No one has rated a clip of which it is certain what was dealt.")
        return
    yield say("In all, what was dealt is heard in {rate}.", rate=_rate(found.rate))
    for target, rate in sorted(found.rates.items(), key=lambda one: place_of(status, one[0])):
        yield f"- {_row(status, found, target, rate)}"


def _row(status: Status, found: Confusion, target: str, rate: HitRate) -> str:
    heard = [(perceived, times) for (dealt, perceived), times in found.counts.items() if dealt == target]
    heard.sort(key=lambda one: (-one[1], place_of(status, one[0])))
    named = ", ".join(f"{label_of(status, perceived)} {times}" for perceived, times in heard)
    return say("{target}: {rate}. Heard: {heard}", target=label_of(status, target), rate=_rate(rate), heard=named)


def _rate(rate: HitRate) -> str:
    of = say_count("{number} answer", "{number} answers", rate.answers)
    if rate.interval is None:
        return say("{share} of {answers}", share=_percent(rate.rate), answers=of)
    low, high = _percent(rate.interval.low), _percent(rate.interval.high)
    return say("{share} of {answers} ({low} to {high})", share=_percent(rate.rate), answers=of, low=low, high=high)


def label_of(status: Status, emotion: str) -> str:
    """What an emotion is called; “other” is what raters answer if none fits."""
    return say("something else") if emotion == OTHER else status.labels.get(emotion, emotion)


def place_of(status: Status, emotion: str) -> tuple[int, str]:
    """Where an emotion comes: in the order of its set, and after that what raters answer if none fits."""
    keys = list(status.labels)
    return (keys.index(emotion) if emotion in keys else len(keys)), emotion


def _two(figure: float) -> str:
    return f"{figure:.2f}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _pages(lines: Iterable[str]) -> list[str]:
    pages = [""]
    for line in lines:
        if len(pages[-1]) + len(line) + 1 > LONGEST_PAGE:
            pages.append("")
        pages[-1] += f"{line[:LONGEST_PAGE]}\n"
    return [page.strip() for page in pages if page.strip()]

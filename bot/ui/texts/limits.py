"""The form for what a performer will not play, and its answer: topics, emotions, and kinds that need an opt-in."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.families import Family
from bot.domain.limits import Limits
from bot.ui.texts.language import phrase, say, say_all, say_count

FORM_TITLE = phrase("Your lines")
QUESTION = phrase("I will not play scenes about")
EXPLAINED = phrase("No one else sees this. Such scenes are not dealt while you are in the channel.")
NONE_CHOSEN = phrase("No lines: I play everything")
VETOES_EXPLAINED = phrase("No one else sees this. No one is dealt these feelings while you are on stage.")
NONE_VETOED = phrase("None of these: I play them all")
OPT_INS = phrase("I am fine with")
OPT_INS_EXPLAINED = phrase("Off otherwise. Dealt only if this server allows it and everyone on stage has ticked it.")
NONE_OPTED_INTO = phrase("Nothing of this")
OTHER_FAMILY = phrase("Other feelings")


_FAMILIES: Mapping[Family, str] = {
    Family.JOY: phrase("Joy"),
    Family.AFFECTION: phrase("Affection"),
    Family.DESIRE: phrase("Desire"),
    Family.INTEREST: phrase("Interest"),
    Family.CALM: phrase("Calm"),
    Family.SURPRISE: phrase("Surprise"),
    Family.FEAR: phrase("Fear"),
    Family.ANGER: phrase("Anger"),
    Family.DISGUST: phrase("Disgust"),
    Family.SADNESS: phrase("Sadness"),
    Family.SHAME: phrase("Shame"),
    Family.NEUTRAL: phrase("Neutral"),
}


def vetoes_question(menu: int, menus: int) -> str:
    """The question above one of the menus of emotions, counted from 1."""
    if menus == 1:
        return say("I will not play, nor meet on stage")
    return say("I will not play, nor meet on stage ({menu} of {menus})", menu=menu, menus=menus)


def family_name(family: Family | None) -> str:
    """A family of emotions, as people read it."""
    return say(_FAMILIES[family]) if family else say(OTHER_FAMILY)


def limits_text(limits: Limits) -> str:
    """What someone's limits are, in numbers: "1 line, 2 vetoed feelings and 1 opt-in"."""
    told: list[str] = []
    if limits.lines:
        told.append(say_count("{number} line", "{number} lines", len(limits.lines)))
    if limits.vetoes:
        told.append(say_count("{number} vetoed feeling", "{number} vetoed feelings", len(limits.vetoes)))
    if limits.opt_ins:
        told.append(say_count("{number} opt-in", "{number} opt-ins", len(limits.opt_ins)))
    return say_all(told) or say("no lines")


def kept_text(limits: Limits) -> str:
    """For the person who sent the form: which limits they have now."""
    if limits == Limits():
        return say("Saved: you have no lines. You can draw some at any time with **Lines** or `/lines`.")
    return say("Saved: {limits}, visible only to you. They apply from the next deal.", limits=limits_text(limits))


def waiting_text(limits: Limits) -> str:
    """For the person who sent the form while the store accepts nothing."""
    return say(
        "In force from the next deal: {limits}, visible only to you. The bot cannot write them down yet and keeps "
        "trying.",
        limits=limits_text(limits),
    )

"""The form for what a performer will not play, and its answer: topics, emotions, and kinds that need an opt-in."""

from __future__ import annotations

from bot.domain.families import Family
from bot.domain.limits import Limits
from bot.ui.texts.words import count

FORM_TITLE = "Your lines"
QUESTION = "I will not play scenes about"
EXPLAINED = "No one else sees this. Such scenes are not dealt while you are in the channel."
NONE_CHOSEN = "No lines: I play everything"
VETOES_EXPLAINED = "No one else sees this. No one is dealt these feelings while you are on stage."
NONE_VETOED = "None of these: I play them all"
OPT_INS = "I am fine with"
OPT_INS_EXPLAINED = "Off otherwise. Dealt only if this server allows it and everyone on stage has ticked it."
NONE_OPTED_INTO = "Nothing of this"
OTHER_FAMILY = "Other feelings"


def vetoes_question(menu: int, menus: int) -> str:
    """The question above one of the menus of emotions, counted from 1."""
    asked = "I will not play, nor meet on stage"
    return asked if menus == 1 else f"{asked} ({menu} of {menus})"


def family_name(family: Family | None) -> str:
    """A family of emotions, as people read it."""
    return family.title() if family else OTHER_FAMILY


def limits_text(limits: Limits) -> str:
    """What someone's limits are, in numbers: "1 line, 2 vetoed feelings and 1 opt-in"."""
    counts = {"line": limits.lines, "vetoed feeling": limits.vetoes, "opt-in": limits.opt_ins}
    told = [count(len(keys), noun) for noun, keys in counts.items() if keys]
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told) or "no lines"


def kept_text(limits: Limits) -> str:
    """For the person who sent the form: which limits they have now."""
    return f"{_has_text(limits)} They apply from the next deal." if limits != Limits() else _NONE


def waiting_text(limits: Limits) -> str:
    """For the person who sent the form while the store accepts nothing."""
    return (
        f"In force from the next deal: {limits_text(limits)}, visible only to you. The bot cannot write them down yet "
        "and keeps trying."
    )


_NONE = "Saved: you have no lines. You can draw some at any time with **Lines** or `/lines`."


def _has_text(limits: Limits) -> str:
    return f"Saved: {limits_text(limits)}, visible only to you."

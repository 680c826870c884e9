"""The form for what a performer will not play: topics and emotions, and kinds that need an opt-in. For their eyes only.

Emotions of every set are offered, so that a veto holds on every server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import discord

from bot.domain.limits import LimitChange, LimitKind, Limits
from bot.domain.opt_ins import OptIns
from bot.domain.topics import Topics
from bot.services.facts.library import Library
from bot.ui.answers import confirm, tell, wait_please
from bot.ui.custom_ids import LIMITS_FORM, OfChoices
from bot.ui.form_values import FormValues
from bot.ui.press import OwnPress
from bot.ui.texts import limits as texts
from bot.ui.texts.errors import OLD_FORM
from bot.ui.texts.language import language_in_force, say
from bot.ui.veto_menus import VetoOption, veto_menus, vetoed

PATIENCE_SECONDS = 5.0
_TOPICS, _OPT_INS = "topics", "opt_ins"

Field = discord.ui.Label[discord.ui.Modal]


@dataclass(frozen=True, slots=True)
class Offered:
    """Everything that the form offers."""

    topics: Topics
    vetoes: Sequence[Sequence[VetoOption]]
    opt_ins: OptIns

    @classmethod
    def by(cls, library: Library) -> Offered:
        """What the troupe's files offer now."""
        return cls(library.topics(), veto_menus(library.all_emotions()), library.opt_ins())

    def keys(self, kind: LimitKind) -> frozenset[str]:
        """The keys that can be chosen."""
        match kind:
            case LimitKind.LINE:
                return frozenset(self.topics.keys)
            case LimitKind.VETO:
                return frozenset[str]().union(*(option.emotions for menu in self.vetoes for option in menu))
            case LimitKind.OPT_IN:
                return frozenset(one.key for one in self.opt_ins)

    @property
    def digest(self) -> OfChoices:
        """A number that changes if anything else is offered: what a form did not show was not left out by a person."""
        offered = "\n".join(" ".join(sorted(self.keys(kind))) for kind in LimitKind)
        return OfChoices(crc32(offered.encode()))


def limits_form(offered: Offered, limits: Limits) -> discord.ui.Modal:
    """The form as one person finds it: what they chose before is chosen."""
    form = discord.ui.Modal(title=say(texts.FORM_TITLE), custom_id=LIMITS_FORM.build(offered.digest))
    form.add_item(_topics(offered.topics, limits.lines))
    for number, menu in enumerate(offered.vetoes, 1):
        form.add_item(_vetoes(menu, limits.vetoes, number, len(offered.vetoes)))
    form.add_item(_opt_ins(offered.opt_ins, limits.opt_ins))
    return form


async def submit_limits(press: OwnPress, values: FormValues, of: OfChoices) -> None:
    """What is chosen counts from the next deal; then it is stored."""
    offered = Offered.by(press.services.library.in_language(language_in_force()))
    if of != offered.digest:
        await tell(press.interaction, say(OLD_FORM))
        return
    promises = press.services.limit_requests.ask_now(press.user_id, _changes(offered, values))
    await wait_please(press.interaction)
    kept = [promise.kept for promise in promises]
    await asyncio.wait(kept, timeout=PATIENCE_SECONDS)
    limits = await press.services.limits.of(press.user_id)
    if all(one.done() for one in kept):
        await confirm(press.interaction, texts.kept_text(limits))
    else:
        await tell(press.interaction, texts.waiting_text(limits))


def _changes(offered: Offered, values: FormValues) -> list[LimitChange]:
    vetoes = [value for number in range(1, len(offered.vetoes) + 1) for value in values.many(_veto_field(number))]
    chosen = {
        LimitKind.LINE: frozenset(values.many(_TOPICS)),
        LimitKind.VETO: vetoed(offered.vetoes, vetoes),
        LimitKind.OPT_IN: frozenset(values.many(_OPT_INS)),
    }
    return [LimitChange(kind, there & offered.keys(kind), offered.keys(kind) - there) for kind, there in chosen.items()]


def _topics(topics: Topics, drawn: frozenset[str]) -> Field:
    options = [
        discord.SelectOption(label=one.label, value=one.key, description=one.description, default=one.key in drawn)
        for one in topics
    ]
    return _field(_TOPICS, options, say(texts.NONE_CHOSEN), say(texts.QUESTION), say(texts.EXPLAINED))


def _vetoes(menu: Sequence[VetoOption], drawn: frozenset[str], number: int, menus: int) -> Field:
    options = [
        discord.SelectOption(
            label=one.label,
            value=one.value,
            description=one.description[:100] or None,
            default=not one.emotions.isdisjoint(drawn),
        )
        for one in menu
    ]
    question = texts.vetoes_question(number, menus)
    return _field(_veto_field(number), options, say(texts.NONE_VETOED), question, say(texts.VETOES_EXPLAINED))


def _opt_ins(kinds: OptIns, given: frozenset[str]) -> Field:
    options = [
        discord.SelectOption(label=one.label, value=one.key, description=one.description, default=one.key in given)
        for one in kinds
    ]
    return _field(_OPT_INS, options, say(texts.NONE_OPTED_INTO), say(texts.OPT_INS), say(texts.OPT_INS_EXPLAINED))


def _veto_field(number: int) -> str:
    return f"vetoes-{number}"


def _field(name: str, options: list[discord.SelectOption], nothing: str, question: str, explained: str) -> Field:
    menu = discord.ui.Select[discord.ui.Modal](
        custom_id=name, placeholder=nothing, options=options, required=False, min_values=0, max_values=len(options)
    )
    return discord.ui.Label(text=question, description=explained, component=menu)

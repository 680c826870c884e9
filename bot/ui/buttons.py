"""Buttons that work after a restart: each is found by its custom id and runs one action."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any, ClassVar, cast

import discord

from bot.domain.queue.pairs import PairAnswer
from bot.services.assembly import Services
from bot.ui import (
    actions,
    consent_more,
    cue_buttons,
    operator_forms,
    own_actions,
    rating_form,
    ratings_actions,
    review_actions,
    rights_actions,
    schedule_actions,
)
from bot.ui.answers import answering
from bot.ui.custom_ids import (
    ANOTHER_VOICE,
    CARD,
    CHOOSE_CONSENT,
    CHOOSE_CONSENT_OF,
    COVER_EARLIER,
    COVER_EARLIER_OF,
    CUE_ANSWERS,
    CUE_SEEN,
    EASE_OFF,
    END_NOW,
    ERASE_ALL,
    ERASE_KEEPING_RATINGS,
    HEAR_CARD,
    JUDGE_PEER,
    JUDGE_SELF,
    LAW,
    LINES,
    NO_REMINDERS,
    NO_WAIT_FOR_REVIEW,
    OLD_CLIP_BUTTONS,
    OPERATOR,
    OTHER_VOICE,
    PROMPT,
    RATE,
    RATE_INVITED,
    READ_CONSENT,
    REMINDERS,
    REPLAYS,
    REPLICA,
    REPLICA_OF,
    REPORT_BAD_SOUND,
    REVIEWS,
    SAME_VOICE,
    SIGN_UP,
    SKIP_CLIP,
    SKIP_PAIR,
    STEP_BUTTONS,
    WAIT_FOR_REVIEW,
    WHOLE_VOICE,
    X_CARD,
    CustomId,
    N,
)
from bot.ui.press import OwnPress, Press


class PanelButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template="pb"):
    """Base of the bot's buttons, with one subclass per kind."""

    def __init__(self, button: discord.ui.Button[Any], match: re.Match[str]) -> None:
        super().__init__(button)
        self._match = match

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> PanelButton:
        """The button that was pressed."""
        return cls(cast("discord.ui.Button[Any]", item), match)

    act: ClassVar[Callable[[discord.Interaction, re.Match[str]], Awaitable[None]]]

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the button says, and tell the person who pressed about errors."""
        async with answering(interaction):
            await type(self).act(interaction, self._match)


def button_classes(services: Services) -> list[type[PanelButton]]:
    """One class per kind of button, bound to the services; pass them to `add_dynamic_items`."""
    return list(_kinds(services))


def _kinds(services: Services) -> Iterator[type[PanelButton]]:
    for step, action in actions.STEP_ACTIONS.items():
        yield _kind(services, STEP_BUTTONS[step], _plain(action))
    for mode, replay_id in REPLAYS.items():
        yield _kind(services, replay_id, _plain(partial(actions.replay, mode=mode)))
    yield _kind(services, END_NOW, _plain(actions.end))
    yield _kind(services, CARD, _plain(own_actions.show_card))
    yield _kind(services, ANOTHER_VOICE, _plain(own_actions.another_voice))
    yield _kind(services, WHOLE_VOICE, _plain(own_actions.show_whole_voice))
    yield _kind(services, HEAR_CARD, _plain(own_actions.hear_card))
    yield _kind(services, PROMPT, _plain(own_actions.show_prompt))
    yield _kind(services, RATE, _plain(own_actions.rate))
    yield _kind(services, RATE_INVITED, ratings_actions.rate_invited)
    yield _kind(services, LINES, _plain(own_actions.choose_lines))
    yield _kind(services, X_CARD, _plain(own_actions.press_x_card))
    yield _kind(services, EASE_OFF, _plain(own_actions.press_ease_off))
    yield _kind(services, READ_CONSENT, _plain(own_actions.read_consent))
    yield _kind(services, CHOOSE_CONSENT, _plain(own_actions.choose_consent))
    yield _kind(services, CHOOSE_CONSENT_OF, _plain(own_actions.choose_consent))
    yield _kind(services, COVER_EARLIER, _plain(consent_more.cover_earlier))
    yield _kind(services, COVER_EARLIER_OF, _plain(consent_more.cover_earlier))
    yield _kind(services, REPLICA, _plain(consent_more.ask_about_replica))
    yield _kind(services, REPLICA_OF, _plain(consent_more.ask_about_replica))
    yield _kind(services, OPERATOR, _plain(operator_forms.ask_who))
    yield _kind(services, LAW, _plain(operator_forms.ask_law))
    yield _kind(services, JUDGE_PEER, own_actions.judge_peer)
    yield _kind(services, JUDGE_SELF, own_actions.judge_self)
    yield _kind(services, SKIP_CLIP, rating_form.skip_clip)
    yield _kind(services, REPORT_BAD_SOUND, rating_form.report_bad_sound)
    yield _kind(services, SAME_VOICE, partial(rating_form.answer_pair, heard=PairAnswer.SAME))
    yield _kind(services, OTHER_VOICE, partial(rating_form.answer_pair, heard=PairAnswer.DIFFERENT))
    yield _kind(services, SKIP_PAIR, partial(rating_form.answer_pair, heard=PairAnswer.CANNOT_JUDGE))
    for old in OLD_CLIP_BUTTONS:
        yield _kind(services, old, rating_form.refuse_old_clip)
    yield _kind_anywhere(services, CUE_SEEN, cue_buttons.acknowledge)
    for answer, custom_id in CUE_ANSWERS.items():
        yield _kind_anywhere(services, custom_id, partial(cue_buttons.answer, given=answer))
    for given, custom_id in SIGN_UP.items():
        yield _kind_anywhere(services, custom_id, partial(schedule_actions.answer, given=given))
    yield _kind_anywhere(services, ERASE_ALL, partial(rights_actions.erase, keeps_ratings=False))
    yield _kind_anywhere(services, ERASE_KEEPING_RATINGS, partial(rights_actions.erase, keeps_ratings=True))
    for verdict, custom_id in REVIEWS.items():
        yield _kind_anywhere(services, custom_id, partial(review_actions.judge_own, verdict=verdict))
    yield _kind_anywhere(services, WAIT_FOR_REVIEW, partial(review_actions.choose_waiting, wait=True))
    yield _kind_anywhere(services, NO_WAIT_FOR_REVIEW, partial(review_actions.choose_waiting, wait=False))
    yield _kind_anywhere(services, NO_REMINDERS, schedule_actions.stop_reminders)
    yield _kind_anywhere(services, REMINDERS, schedule_actions.remind_again)


def _plain(action: Callable[[Press], Awaitable[None]]) -> Callable[[Press, object], Awaitable[None]]:
    """An action that needs nothing but the press."""

    async def act(press: Press, _: object) -> None:
        await action(press)

    return act


def _kind_anywhere(
    services: Services, custom_id: CustomId[N], action: Callable[[OwnPress, N], Awaitable[None]]
) -> type[PanelButton]:
    """A button that also works in direct messages, which belong to no server."""

    class Button(PanelButton, template=custom_id.template):
        @staticmethod
        async def act(interaction: discord.Interaction, match: re.Match[str]) -> None:
            await action(OwnPress.of(services, interaction), custom_id.take(match))

    Button.__name__ = f"{custom_id.verb.title().replace('-', '')}Button"
    return Button


def _kind(
    services: Services, custom_id: CustomId[N], action: Callable[[Press, N], Awaitable[None]]
) -> type[PanelButton]:
    class Button(PanelButton, template=custom_id.template):
        @staticmethod
        async def act(interaction: discord.Interaction, match: re.Match[str]) -> None:
            numbers = custom_id.take(match)
            await action(Press.of(services, interaction, numbers), numbers)

    Button.__name__ = f"{custom_id.verb.title().replace('-', '')}Button"
    return Button

"""Buttons, menus and forms that outlive restarts: each is found by its custom id and does one action."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar, cast

import discord

from bot.services.desk import Desk
from bot.ui import actions, own_actions
from bot.ui.answers import answering
from bot.ui.consent_form import submit_consent
from bot.ui.custom_ids import (
    CARD,
    CHOOSE_CONSENT,
    CONSENT_FORM,
    END_NOW,
    JUDGE_PEER,
    JUDGE_SELF,
    LINES,
    LINES_FORM,
    NOTE_FORM,
    PEER_FORM,
    RATE,
    READ_CONSENT,
    SELF_FORM,
    STEP_BUTTONS,
    X_CARD,
    ButtonId,
)
from bot.ui.forms import Submissions
from bot.ui.lines_form import submit_lines
from bot.ui.rating_form import submit_peer_rating, submit_self_rating

Action = Callable[..., Awaitable[None]]

ACTIONS: Mapping[ButtonId, Action] = {
    **{STEP_BUTTONS[step]: action for step, action in actions.STEP_ACTIONS.items()},
    END_NOW: actions.end,
    CARD: own_actions.show_card,
    RATE: own_actions.rate,
    LINES: own_actions.choose_lines,
    X_CARD: own_actions.press_x_card,
    JUDGE_PEER: own_actions.judge_peer,
    JUDGE_SELF: own_actions.judge_self,
    READ_CONSENT: own_actions.read_consent,
    CHOOSE_CONSENT: own_actions.choose_consent,
}

SUBMISSIONS: Submissions = {
    CONSENT_FORM: submit_consent,
    LINES_FORM: submit_lines,
    NOTE_FORM: actions.submit_note,
    PEER_FORM: submit_peer_rating,
    SELF_FORM: submit_self_rating,
}


class DeskButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template="pb"):
    """Base of the bot's buttons; a subclass a kind is made by `button_classes`."""

    desk: ClassVar[Desk]
    action: ClassVar[Action]

    def __init__(self, button: discord.ui.Button[Any], numbers: Mapping[str, int]) -> None:
        super().__init__(button)
        self._numbers = numbers

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> DeskButton:
        """The button a press belongs to."""
        button = cast("discord.ui.Button[Any]", item)
        return cls(button, {field: int(text) for field, text in match.groupdict().items()})

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the button says; errors are told to whoever pressed."""
        async with answering(interaction):
            await type(self).action(self.desk, interaction, **self._numbers)


def button_classes(desk: Desk) -> list[type[DeskButton]]:
    """One class for each kind of button, bound to a desk; give them to `add_dynamic_items`."""
    return [_button_class(desk, button_id, action) for button_id, action in ACTIONS.items()]


def _button_class(desk: Desk, button_id: ButtonId, action: Action) -> type[DeskButton]:
    class Button(DeskButton, template=button_id.template):
        pass

    Button.__name__ = f"{button_id.verb.title().replace('-', '')}Button"
    Button.desk = desk
    Button.action = staticmethod(action)
    return Button

"""Buttons that outlive restarts: each is found by its custom id and does one action."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar, cast

import discord

from bot.services.desk import Desk
from bot.ui import actions
from bot.ui.answers import answering
from bot.ui.custom_ids import (
    CARD,
    CHOOSE_CONSENT,
    CUT,
    DEAL,
    JUDGE_PEER,
    JUDGE_SELF,
    RATE,
    READ_CONSENT,
    START,
    ButtonId,
)

Action = Callable[..., Awaitable[None]]


async def _judge_peer(desk: Desk, interaction: discord.Interaction, session_id: int, turn_id: int) -> None:
    await actions.judge(desk, interaction, session_id, turn_id, as_self=False)


async def _judge_self(desk: Desk, interaction: discord.Interaction, session_id: int, turn_id: int) -> None:
    await actions.judge(desk, interaction, session_id, turn_id, as_self=True)


ACTIONS: Mapping[ButtonId, Action] = {
    DEAL: actions.deal,
    START: actions.start,
    CUT: actions.cut,
    CARD: actions.show_card,
    RATE: actions.rate,
    JUDGE_PEER: _judge_peer,
    JUDGE_SELF: _judge_self,
    READ_CONSENT: actions.read_consent,
    CHOOSE_CONSENT: actions.choose_consent,
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

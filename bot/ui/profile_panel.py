"""`/profile`: a person's own answers as one private panel of menus; each change is stored immediately."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

import discord

from bot.domain.profile import ANSWERS, SEVERAL, Profile, Question
from bot.services.assembly import Services
from bot.ui.answers import NO_PINGS, answering
from bot.ui.custom_ids import CustomId, Numbers
from bot.ui.press import OwnPress
from bot.ui.texts import profile as texts
from bot.ui.texts.language import say

_NOT_SAID = "-"
_DELETE = CustomId("profile-delete", Numbers)


def _menu_id(question: Question) -> CustomId[Numbers]:
    return CustomId(f"profile-{question.replace('_', '-')}", Numbers)


def profile_view(profile: Profile) -> discord.ui.LayoutView:
    """The panel with a person's answers."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(texts.head_text()))
    for question in Question:
        view.add_item(discord.ui.TextDisplay(texts.question_text(question)))
        view.add_item(discord.ui.ActionRow(_menu(question, profile.get(question, "").split())))
    delete = discord.ui.Button[discord.ui.LayoutView](
        label=say(texts.DELETE_PROFILE_BUTTON), style=discord.ButtonStyle.danger, custom_id=_DELETE.build(Numbers())
    )
    view.add_item(discord.ui.ActionRow(delete))
    return view


def _menu(question: Question, given: Sequence[str]) -> discord.ui.Select[discord.ui.LayoutView]:
    options = [discord.SelectOption(label=say(texts.RATHER_NOT_SAY), value=_NOT_SAID, default=not given)]
    options += [
        discord.SelectOption(label=texts.answer_label(key), value=key, default=key in given)
        for key in ANSWERS[question]
    ]
    most = len(options) if question in SEVERAL else 1
    return discord.ui.Select(
        custom_id=_menu_id(question).build(Numbers()),
        placeholder=say(texts.TITLES[question]),
        min_values=1,
        max_values=most,
        options=options,
    )


async def _show_again(services: Services, press: OwnPress) -> None:
    view = profile_view(await services.profiles.of(press.user_id))
    await press.interaction.response.edit_message(view=view, allowed_mentions=NO_PINGS)


class ProfileMenu(discord.ui.DynamicItem[discord.ui.Select[Any]], template="pb:profile"):
    """Base of the panel's menus; `profile_items` makes one subclass per question."""

    services: ClassVar[Services]
    question: ClassVar[Question]

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> ProfileMenu:
        """The menu in which something was chosen."""
        return cls(cast("discord.ui.Select[Any]", item))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Store the answer and show what is stored afterwards."""
        async with answering(interaction):
            press = OwnPress.of(self.services, interaction)
            values = cast("Sequence[str]", cast("Mapping[str, Any]", interaction.data or {}).get("values") or [])
            # "Rather not say" beside other choices changes nothing; alone, it deletes the answer.
            await self.services.profiles.answer(press.user_id, self.question, values)
            await _show_again(self.services, press)


class DeleteProfile(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_DELETE.template):
    """The button that deletes all answers."""

    services: ClassVar[Services]

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> DeleteProfile:
        """The button that was pressed."""
        return cls(cast("discord.ui.Button[Any]", item))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Delete everything, and show that nothing is left."""
        async with answering(interaction):
            press = OwnPress.of(self.services, interaction)
            await self.services.profiles.forget(press.user_id)
            await _show_again(self.services, press)


def profile_items(services: Services) -> list[type[discord.ui.DynamicItem[Any]]]:
    """The classes of the panel's menus and its button, bound to the services; pass them to `add_dynamic_items`."""

    class Delete(DeleteProfile, template=_DELETE.template):
        pass

    Delete.services = services
    return [*(_menu_class(services, question) for question in Question), Delete]


def _menu_class(services: Services, question: Question) -> type[ProfileMenu]:
    class Menu(ProfileMenu, template=_menu_id(question).template):
        pass

    Menu.__name__ = f"{question.title().replace('_', '')}Menu"
    Menu.services = services
    Menu.question = question
    return Menu

"""`/settings`: a guild's choices as one private panel of menus; each change is stored immediately."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import discord

from bot.domain.ids import GuildId
from bot.domain.states import CuePolicy, OnDropout
from bot.live.guild_settings import GuildSettings
from bot.services.assembly import Services
from bot.ui.answers import NO_PINGS, answering
from bot.ui.choices import title_of
from bot.ui.custom_ids import LAW, OPERATOR, CustomId, Numbers
from bot.ui.press import Press
from bot.ui.texts import settings as texts
from bot.ui.texts.language import say
from bot.ui.texts.operator import LAW_BUTTON, SECTION, WHO_BUTTON
from bot.ui.texts.settings import choice_label

SCENE_SECONDS = (60, 120, 180, 300, 480, 600, 900, 1800, 3600, 10_800)
RATINGS_WANTED = (1, 2, 3, 4, 5, 6, 8, 10)
RATING_HOURS = (0, 3, 12, 24, 48, 72, 168, 336)
TIME_ZONES = (
    "UTC",
    "Pacific/Honolulu",
    "America/Los_Angeles",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/London",
    "Africa/Lagos",
    "Europe/Berlin",
    "Africa/Johannesburg",
    "Europe/Athens",
    "Africa/Nairobi",
    "Europe/Istanbul",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Brisbane",
    "Australia/Sydney",
    "Pacific/Auckland",
)
"""One place per usual pair of offset and rule for summer time. Any other is chosen with `/session schedule zone:`."""
_MOST_OPTIONS = 25
_SEVERAL = {"opt_ins"}
"""Settings of which any number of choices can be made, none included."""

_NUMBERS = {"coordinator_role_id", "scene_seconds", "ratings_wanted", "rater_role_id", "rating_hours"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, by its column in the store."""

    key: str

    @property
    def button_id(self) -> CustomId[Numbers]:
        """The custom id of its menu."""
        return CustomId(f"set-{self.key.replace('_', '-')}", Numbers)


ROLES: Sequence[Setting] = (Setting("coordinator_role_id"), Setting("rater_role_id"))
SETTINGS: Sequence[Setting] = (
    Setting("coordinator_role_id"),
    Setting("deck"),
    Setting("emotion_set"),
    Setting("scene_seconds"),
    Setting("cue_policy"),
    Setting("ratings_wanted"),
    Setting("on_dropout"),
    Setting("rater_role_id"),
    Setting("rating_hours"),
    Setting("time_zone"),
    Setting("opt_ins"),
    Setting("language"),
)


async def settings_view(services: Services, guild_id: GuildId) -> discord.ui.LayoutView:
    """The panel with what is in force now."""
    in_force = await services.guilds.settings_of(guild_id)
    options = await _options(services, guild_id)
    view = discord.ui.LayoutView(timeout=None)
    head = f"{say(texts.HEAD)}\n"  # in the first text: a message has at most 40 components
    for setting in SETTINGS:
        left_out = max(len(options.get(setting.key, ())) - _MOST_OPTIONS, 0)
        view.add_item(discord.ui.TextDisplay(f"{head}{texts.setting_text(setting.key, left_out)}"))
        head = ""
        view.add_item(discord.ui.ActionRow(_menu(setting, in_force, options)))
    view.add_item(discord.ui.TextDisplay(say(SECTION)))
    row = discord.ui.ActionRow[discord.ui.LayoutView]()
    for label, button in ((WHO_BUTTON, OPERATOR), (LAW_BUTTON, LAW)):
        row.add_item(discord.ui.Button(label=say(label), custom_id=button.build(Numbers())))
    view.add_item(row)
    return view


def _menu(
    setting: Setting, in_force: GuildSettings, options: Mapping[str, Sequence[tuple[str, str]]]
) -> discord.ui.Item[Any]:
    custom_id = setting.button_id.build(Numbers())
    value = getattr(in_force, setting.key)
    if setting in ROLES:
        chosen = [discord.SelectDefaultValue(id=value, type=discord.SelectDefaultValueType.role)] if value else []
        return discord.ui.RoleSelect(
            custom_id=custom_id, placeholder=say(texts.NO_ROLE_CHOSEN[setting.key]), min_values=0, default_values=chosen
        )
    choices = list(options[setting.key])
    if setting.key in _SEVERAL:
        return discord.ui.Select(
            custom_id=custom_id,
            placeholder=say(texts.NONE_CHOSEN),
            min_values=0,
            max_values=len(choices),
            options=[discord.SelectOption(label=label, value=key, default=key in value) for key, label in choices],
        )
    # What is in force is always among the options that fit.
    if str(value) not in {key for key, _ in choices[:_MOST_OPTIONS]}:
        choices.insert(0, (str(value), choice_label(setting.key, value)))
    return discord.ui.Select(
        custom_id=custom_id,
        placeholder=say(texts.TITLES[setting.key]),
        options=[
            discord.SelectOption(label=label[:100], value=key, default=key == str(value))
            for key, label in choices[:_MOST_OPTIONS]
        ],
    )


async def _options(services: Services, guild_id: GuildId) -> Mapping[str, Sequence[tuple[str, str]]]:
    library = services.library.in_language(services.guilds.language_in(guild_id))
    return {
        "deck": [(name, name) for name in await services.decks.names(guild_id)],
        "emotion_set": [(name, title_of(library, name)) for name in library.names("emotions")],
        "scene_seconds": [(str(seconds), choice_label("scene_seconds", seconds)) for seconds in SCENE_SECONDS],
        "cue_policy": [(policy, choice_label("cue_policy", policy)) for policy in CuePolicy],
        "ratings_wanted": [(str(number), choice_label("ratings_wanted", number)) for number in RATINGS_WANTED],
        "on_dropout": [(choice, choice_label("on_dropout", choice)) for choice in OnDropout],
        "opt_ins": [(one.key, one.label) for one in library.opt_ins()],
        "rating_hours": [(str(hours), choice_label("rating_hours", hours)) for hours in RATING_HOURS],
        "language": [(tag, tag) for tag in services.library.languages()],
        "time_zone": [(zone, zone) for zone in TIME_ZONES],
    }


class SettingMenu(discord.ui.DynamicItem[discord.ui.Select[Any]], template="pb:set"):
    """Base of the panel's menus; `menu_classes` makes one subclass per setting."""

    services: ClassVar[Services]
    setting: ClassVar[Setting]

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> SettingMenu:
        """The menu in which something was chosen."""
        return cls(cast("discord.ui.Select[Any]", item))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Store the choice and show what is in force afterwards."""
        async with answering(interaction):
            press = Press.of(self.services, interaction)
            await press.require_coordinator()
            values = cast("Sequence[str]", cast("Mapping[str, Any]", interaction.data or {}).get("values") or [])
            await self.services.guilds.change(press.guild_id, self.setting.key, _value(self.setting.key, values))
            await interaction.response.edit_message(
                view=await settings_view(self.services, press.guild_id), allowed_mentions=NO_PINGS
            )


def _value(key: str, values: Sequence[str]) -> str | int | None:
    if key in _SEVERAL:
        return " ".join(sorted(values))
    if not values:
        return None
    return int(values[0]) if key in _NUMBERS else values[0]


def menu_classes(services: Services) -> list[type[SettingMenu]]:
    """One class per setting's menu, bound to the services; pass them to `add_dynamic_items`."""
    return [_menu_class(services, setting) for setting in SETTINGS]


def _menu_class(services: Services, setting: Setting) -> type[SettingMenu]:
    class Menu(SettingMenu, template=setting.button_id.template):
        pass

    Menu.__name__ = f"{setting.key.title().replace('_', '')}Menu"
    Menu.services = services
    Menu.setting = setting
    return Menu

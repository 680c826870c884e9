"""`/scene`: deal, deal again, change a part, stop, ease off."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.domain.ids import UserId
from bot.domain.states import ReplayMode
from bot.services.scene.scenes import CastingWish
from bot.ui import actions, choices, own_actions
from bot.ui.press import Press
from bot.ui.suggestion_form import ask_for_suggestion
from bot.ui.texts import commands as texts
from bot.ui.texts.replay import REPLAY_BUTTONS


class SceneCog(commands.GroupCog, group_name="scene", group_description=texts.SCENE):
    """Scenes for coordinators, and the X-card for everyone."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.command(description=texts.SCENE_DEAL)
    @app_commands.describe(**texts.SCENE_DEAL_PARAMETERS)
    @app_commands.autocomplete(prompt=choices.prompts)
    async def deal(self, interaction: discord.Interaction, prompt: str | None = None) -> None:
        """Deal a prompt, roles, characters and target emotions."""
        await actions.deal(Press.of(self._services, interaction), prompt_id=prompt)

    @app_commands.command(description=texts.SCENE_SUGGEST)
    async def suggest(self, interaction: discord.Interaction) -> None:
        """Deal a scene from a suggestion that is typed into a form."""
        await ask_for_suggestion(Press.of(self._services, interaction))

    @app_commands.command(description=texts.SCENE_PROMPT)
    async def prompt(self, interaction: discord.Interaction) -> None:
        """Show the prompt of the current scene."""
        await own_actions.show_prompt(Press.of(self._services, interaction))

    @app_commands.command(description=texts.SCENE_NEXT)
    async def next(self, interaction: discord.Interaction) -> None:
        """Deal the next scene."""
        await actions.deal(Press.of(self._services, interaction))

    @app_commands.command(description=texts.SCENE_REDEAL)
    @app_commands.describe(**texts.SCENE_REDEAL_PARAMETERS)
    @app_commands.autocomplete(prompt=choices.prompts)
    async def redeal(self, interaction: discord.Interaction, prompt: str | None = None) -> None:
        """Deal the scene again."""
        await actions.redeal(Press.of(self._services, interaction), prompt_id=prompt)

    @app_commands.command(description=texts.SCENE_REPLAY)
    @app_commands.describe(**texts.SCENE_REPLAY_PARAMETERS)
    @app_commands.choices(
        mode=[app_commands.Choice(name=label, value=mode.value) for mode, label in REPLAY_BUTTONS.items()]
    )
    async def replay(self, interaction: discord.Interaction, mode: str) -> None:
        """Play the scene again, with something changed."""
        await actions.replay(Press.of(self._services, interaction), ReplayMode(mode))

    @app_commands.command(description=texts.SCENE_PART)
    @app_commands.describe(**texts.SCENE_PART_PARAMETERS)
    @app_commands.autocomplete(emotion=choices.emotions, shift_to=choices.emotions, character=choices.characters)
    async def part(
        self,
        interaction: discord.Interaction,
        performer: discord.Member,
        emotion: str | None = None,
        intensity: app_commands.Range[int, 1, 3] | None = None,
        character: str | None = None,
        shift_to: str | None = None,
    ) -> None:
        """Change a part by hand."""
        wish = CastingWish(emotion, intensity, character, shift_to)
        await actions.override(Press.of(self._services, interaction), UserId(performer.id), wish)

    @app_commands.command(description=texts.SCENE_STOP)
    async def stop(self, interaction: discord.Interaction) -> None:
        """Stop the scene."""
        await own_actions.press_x_card(Press.of(self._services, interaction))

    @app_commands.command(description=texts.SCENE_EASE)
    async def ease(self, interaction: discord.Interaction) -> None:
        """Have the scene go on lighter."""
        await own_actions.press_ease_off(Press.of(self._services, interaction))


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(SceneCog(bot))

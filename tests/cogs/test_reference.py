"""`docs/reference.md` lists exactly the program's commands, buttons and settings."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from discord import app_commands

from bot.config import DEFAULTS
from bot.ui import texts
from bot.ui.settings_panel import SETTINGS
from bot.ui.texts.card import CUE_ANSWER_BUTTONS
from bot.ui.texts.panel import LABELS
from bot.ui.texts.replay import REPLAY_BUTTONS
from bot.ui.texts.settings import TITLES
from tests.theatre import Theatre

PAGE = (Path(__file__).parents[2] / "docs" / "reference.md").read_text("utf-8")


def entries(section: str) -> dict[str, str]:
    """What the tables of a section list, with their descriptions."""
    (text,) = re.findall(rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    rows = [re.split(r"\s*\|\s*", line.strip("| \n")) for line in text.splitlines() if line.startswith("| ")]
    return {row[0].strip("`*/"): row[-1] for row in rows if row[0][:1] in "`*"}


async def test_every_command_has_an_entry_and_every_entry_a_command(theatre: Theatre):
    commands = {
        command.qualified_name
        for command in theatre.bot.tree.walk_commands()
        if isinstance(command, app_commands.Command)
    }
    assert set(entries("Commands")) == commands
    assert all(len(words) > 15 for words in entries("Commands").values())


async def test_every_option_is_described_in_discord(theatre: Theatre):
    for command in theatre.bot.tree.walk_commands():
        assert command.description not in ("", "…"), command.qualified_name
        if isinstance(command, app_commands.Command):
            for parameter in command.parameters:
                assert parameter.description not in ("", "…"), f"{command.qualified_name} {parameter.name}"


def test_every_button_has_an_entry_and_every_entry_a_button():
    modules = [import_module(f"{texts.__name__}.{found.name}") for found in iter_modules(texts.__path__)]
    labels = {label for module in modules for name, label in vars(module).items() if name.endswith("_BUTTON")}
    assert set(entries("Buttons")) == labels | {
        *LABELS.values(),
        *CUE_ANSWER_BUTTONS.values(),
        *REPLAY_BUTTONS.values(),
    }


def test_every_setting_has_an_entry_and_every_entry_a_setting():
    assert set(entries("Settings of a server")) == {TITLES[setting.key] for setting in SETTINGS}
    assert set(entries("Settings of an installation")) == set(DEFAULTS)

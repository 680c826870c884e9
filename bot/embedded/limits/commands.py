"""Limits of application commands at registration. Pure functions.

Rules: Discord's documentation, "Application Commands" (naming, option types, limits, subcommands).
"""

from __future__ import annotations

import re
from typing import Any, Final

from bot.embedded.errors import Form, Path

NAME = re.compile(r"^[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}$", re.UNICODE)
"""Discord's naming rule. Names must also be lower case if a lower case exists."""

OPTIONS: Final = 25
CHOICES: Final = 25
GLOBAL_COMMANDS: Final = 100
COMMAND_LENGTH: Final = 8_000
SUBCOMMAND, GROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)


def check_commands(commands: Any) -> None:
    """Refuse a bulk registration that breaks a rule (50035)."""
    form = Form()
    if form.amount((), commands, 0, GLOBAL_COMMANDS):
        seen: set[tuple[object, object]] = set()
        for index, command in enumerate(commands):
            key = (command.get("type", 1), command.get("name"))
            if key in seen:
                form.refuse(
                    (index,),
                    "APPLICATION_COMMANDS_DUPLICATE_NAME",
                    "Application command names must be unique",
                )
            seen.add(key)
            check_command(form, (index,), command)
    form.settle()


def check_command(form: Form, at: Path, command: dict[str, Any]) -> None:
    """Record every broken rule of one command."""
    if command.get("type", 1) == 1:
        _check_name(form, (*at, "name"), command.get("name"))
        form.text((*at, "description"), command.get("description"), 1, 100)
        _check_options(form, (*at, "options"), command.get("options") or [], depth=0)
        if _length(command) > COMMAND_LENGTH:
            form.refuse(at, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({COMMAND_LENGTH})")
    else:
        form.text((*at, "name"), command.get("name"), 1, 32)
        if command.get("description"):
            form.refuse((*at, "description"), "BASE_TYPE_MAX_LENGTH", "Context menu commands have none.")


def _length(option: dict[str, Any]) -> int:
    own = len(str(option.get("name", ""))) + len(str(option.get("description", "")))
    choices = sum(len(str(each.get("name"))) + len(str(each.get("value"))) for each in option.get("choices") or ())
    return own + choices + sum(map(_length, option.get("options") or ()))


def _check_name(form: Form, at: Path, name: Any) -> None:
    form.text(at, name, 1, 32)
    if isinstance(name, str) and 1 <= len(name) <= 32 and (not NAME.match(name) or name != name.lower()):
        form.refuse(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_options(form: Form, at: Path, options: Any, depth: int) -> None:
    if not form.amount(at, options, 0, OPTIONS):
        return
    is_optional_seen, names = False, set[str]()
    for index, option in enumerate(options):
        path, kind = (*at, index), option.get("type")
        if kind not in range(1, 12) or (kind == SUBCOMMAND and depth > 1) or (kind == GROUP and depth > 0):
            form.choices((*path, "type"), tuple(range(1, 12) if depth == 0 else range(3, 12)))
        _check_name(form, (*path, "name"), option.get("name"))
        form.text((*path, "description"), option.get("description"), 1, 100)
        if option.get("name") in names:
            form.refuse((*path, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name is not unique")
        names.add(str(option.get("name")))
        if kind in (SUBCOMMAND, GROUP):
            inner = depth + 1 if kind == GROUP else 2
            _check_options(form, (*path, "options"), option.get("options") or [], inner)
            continue
        if option.get("required") and is_optional_seen:
            form.refuse(
                path,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        is_optional_seen |= not option.get("required")
        _check_choices(form, path, option)


def _check_choices(form: Form, at: Path, option: dict[str, Any]) -> None:
    choices = option.get("choices")
    if not choices:
        return
    if option.get("autocomplete"):
        form.refuse((*at, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", "Choices exclude it.")
    check_choices(form, (*at, "choices"), choices)


def check_choices(form: Form, at: Path, choices: Any) -> None:
    """Record every broken rule of an option's choices, registered or autocompleted."""
    if form.amount(at, choices, 0, CHOICES):
        for index, choice in enumerate(choices):
            form.text((*at, index, "name"), choice.get("name"), 1, 100)
            if isinstance(choice.get("value"), str):
                form.text((*at, index, "value"), choice["value"], 1, 100)

"""Application commands as people send them: what a client accepts. Pure functions.

Rules: Discord's documentation, "Application Commands" > "Option Types" and "Subcommands and Subcommand Groups".
"""

from __future__ import annotations

from typing import Any

from bot.embedded.guild.records import Attachment
from bot.embedded.limits.commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    GROUP,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    SUBCOMMAND,
    USER,
)


class NotSendable(Exception):
    """A client would not send this command: it is unknown, or an option is missing or has the wrong type."""


def find_command(commands: list[dict[str, Any]], path: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the command and its subcommands for a path such as "session start". Raises NotSendable if unknown."""
    first, *rest = path.split()
    command = next((each for each in commands if each["name"] == first and each.get("type", 1) == 1), None)
    if command is None:
        raise NotSendable(f"There is no command /{first}.")
    chain, node = list[dict[str, Any]](), command
    for name in rest:
        inner = [each for each in node.get("options") or () if each["type"] in (SUBCOMMAND, GROUP)]
        found = next((each for each in inner if each["name"] == name), None)
        if found is None:
            raise NotSendable(f"There is no command /{path}.")
        chain.append(node := found)
    if any(each["type"] in (SUBCOMMAND, GROUP) for each in node.get("options") or ()):
        raise NotSendable(f"/{path} needs a subcommand.")
    return command, chain


def sent_options(
    command: dict[str, Any], chain: list[dict[str, Any]], values: dict[str, Any], focused: str | None = None
) -> list[dict[str, Any]]:
    """Return the `options` of the interaction's data. Raises NotSendable if a client would not send them.

    While an option is being completed (`focused`), values can be partial and required options absent.
    """
    leaf = chain[-1] if chain else command
    declared = {option["name"]: option for option in leaf.get("options") or ()}
    if unknown := set(values) - set(declared):
        raise NotSendable(f"/{leaf['name']} has no option {sorted(unknown)}.")
    options: list[dict[str, Any]] = []
    for name, option in declared.items():
        if name in values:
            sent = {"name": name, "type": option["type"], "value": values[name]}
            if name == focused:
                if not option.get("autocomplete"):
                    raise NotSendable(f"The option {name!r} has no autocompletion.")
                sent |= {"focused": True, "value": str(values[name])}
            else:
                sent["value"] = _converted(option, values[name])
            options.append(sent)
        elif option.get("required") and focused is None:
            raise NotSendable(f"The option {name!r} is required.")
    for node in reversed(chain):
        options = [{"name": node["name"], "type": node["type"], "options": options}]
    return options


def _converted(option: dict[str, Any], value: Any) -> Any:
    kind, name = option["type"], option["name"]
    if choices := option.get("choices"):
        found = [each["value"] for each in choices if value in (each["value"], each["name"])]
        if not found:
            raise NotSendable(f"{value!r} is not among the choices of {name!r}.")
        return found[0]
    if kind == ATTACHMENT:
        if not isinstance(value, Attachment):
            raise NotSendable(f"The option {name!r} takes a file.")
        return str(value.attachment_id)
    if kind in (USER, CHANNEL, ROLE, MENTIONABLE):
        return str(int(value))
    wanted = {STRING: str, INTEGER: int, BOOLEAN: bool, NUMBER: (int, float)}[kind]
    if not isinstance(value, wanted) or (isinstance(value, bool) and kind != BOOLEAN):
        raise NotSendable(f"{value!r} does not fit the option {name!r}.")
    size = len(value) if isinstance(value, str) else value
    suffix = "length" if isinstance(value, str) else "value"
    low, high = option.get(f"min_{suffix}"), option.get(f"max_{suffix}")
    if (low is not None and size < low) or (high is not None and size > high):
        raise NotSendable(f"{value!r} is outside the limits of {name!r}.")
    return value

"""Roles: who the performers of a prompt are, and what each of them wants from the others."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.tables import Table

SMALLEST_CAST = 1
LARGEST_CAST = 6
LONGEST_ROLE = 120
LONGEST_WANT = 100

ROLES = ("prompts", "roles")
"""Where roles are written in a deck: as `[[prompts.roles]]`, or in a list `roles = [...]`."""


@dataclass(frozen=True, slots=True)
class Role:
    """One part in a prompt: who somebody is, and what they want from the others now (a card says "You want ...").

    A role that `is_required` never stays home. `has_secret` marks the one role of a prompt that keeps something from
    the others. Decks of earlier versions have roles without a want.
    """

    text: str
    want: str = ""
    is_required: bool = False
    has_secret: bool = False


def parse_roles(table: Table) -> tuple[Role, ...]:
    """Read the roles of a prompt: plain texts, or tables. Raises DataFileInvalid with the line of the first problem."""
    entries = role_entries(table)
    roles = tuple(_parse_role(table, entry) for entry in entries)
    texts = {role.text for role in roles}
    if not SMALLEST_CAST <= len(roles) <= LARGEST_CAST or len(texts) < len(roles):
        raise table.invalid("roles", f"'roles' must name {SMALLEST_CAST} to {LARGEST_CAST} different roles")
    return roles


def role_entries(table: Table) -> list[str | Table]:
    """Return the roles of a prompt as they are written."""
    parent, key = ROLES
    return table.items(key, parent, "text")


def _parse_role(table: Table, entry: str | Table) -> Role:
    if isinstance(entry, str):
        return Role(table.fitting("roles", entry, LONGEST_ROLE, item=entry))
    entry.only("text", "want", "required", "secret")
    return Role(
        entry.string("text", longest=LONGEST_ROLE),
        entry.string("want", "", longest=LONGEST_WANT),
        entry.boolean("required", default=False),
        entry.boolean("secret", default=False),
    )

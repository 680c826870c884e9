"""What a screen reader says: every button, menu and field has words, and no picture is sent without them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house.source import modules_in

SCREENS = modules_in("bot.ui", "bot.stage", "cogs")
MENUS = {"Select", "RoleSelect", "UserSelect", "ChannelSelect", "MentionableSelect"}
FIELDS = {*MENUS, "TextInput", "RadioGroup", "CheckboxGroup", "Checkbox", "FileUpload"}
PICTURES = {"Embed", "MediaGallery", "MediaGalleryItem", "Thumbnail"}
IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def calls(source: str) -> Iterator[tuple[str, ast.Call]]:
    """Each call of discord.py's, by the last part of its name: `discord.ui.Select[Any](...)` is `Select`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func.value if isinstance(node.func, ast.Subscript) else node.func
            if isinstance(called, ast.Attribute) and ast.unparse(called).startswith("discord."):
                yield called.attr, node


def faults(source: str) -> list[str]:
    """What a screen reader could not say."""
    found: list[str] = []
    for name, call in calls(source):
        given = {keyword.arg for keyword in call.keywords}
        if name in MENUS and "placeholder" not in given:
            found.append(f"{call.lineno}: a menu without a placeholder has no name")
        if name == "Button" and "label" not in given:
            found.append(f"{call.lineno}: a button without a label says only its emoji")
        if name in PICTURES and "description" not in given:
            found.append(f"{call.lineno}: a picture without a description")
        if name == "File" and "description" not in given and any(image in ast.unparse(call) for image in IMAGES):
            found.append(f"{call.lineno}: an image without a description")
        if name == "Label" and "text" not in given:
            found.append(f"{call.lineno}: a field without words above it")
    return found


@pytest.mark.parametrize("module", SCREENS, ids=lambda module: module.name)
def test_everything_on_a_screen_has_words(module: object):
    assert faults(module.text) == []  # type: ignore[attr-defined]


def test_what_has_no_words_is_found():
    source = """
discord.ui.Select(options=options)
discord.ui.Button(emoji="x", custom_id="y")
discord.File(path, "chart.png")
discord.ui.Label(component=menu)
discord.ui.Thumbnail(media)
"""
    assert [int(one.partition(":")[0]) for one in faults(source)] == [2, 3, 4, 5, 6]

"""What components, messages and forms become; nothing unknown is left out silently."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from tools.pictures.components import render_components
from tools.pictures.names import Names, NotInPicture
from tools.pictures.page import EPHEMERAL, Shown, form_page, message_page

NAMES = Names(1_000, {1: "Promptbook", 7: "Ana"}, {}, {9: "Coordinator"})
CHECKBOX = {"type": 23, "custom_id": "adult"}


def render(*components: dict[str, Any]) -> str:
    return str(render_components(components, NAMES))


def message(**changes: Any) -> dict[str, Any]:
    author = {"id": "1", "bot": True}
    return {"author": author, "content": "Hello", "attachments": [], "components": [], "flags": 0, **changes}


def page(**changes: Any) -> str:
    return message_page([Shown(message(**changes))], NAMES)


@pytest.mark.parametrize(
    "component",
    [
        {"type": 12, "items": []},
        {"type": 99},
        {"type": 17, "components": [{"type": 99}]},
        {"type": 18, "label": "L", "component": {"type": 99}},
        {"type": 2, "style": 6, "sku_id": "1"},
        {"type": 2, "style": 1, "label": "L", "emoji": {"id": "1", "name": "smile"}},
        {"type": 6, "default_values": [{"id": "8", "type": "role"}]},
    ],
    ids=["gallery", "unknown", "in a container", "in a label", "premium button", "own emoji", "unknown role"],
)
def test_what_the_renderer_does_not_know_is_refused(component: dict[str, Any]):
    with pytest.raises(NotInPicture):
        render(component)


@pytest.mark.parametrize("key", ["embeds", "sticker_items", "reactions", "poll"])
def test_parts_of_a_message_that_are_not_drawn_are_refused(key: str):
    with pytest.raises(NotInPicture, match=key):
        page(**{key: [{}]})


def test_a_panel_of_all_kinds_of_components():
    row = {"type": 1, "components": [{"type": 2, "style": 4, "label": "Stop", "emoji": {"name": "✋", "id": None}}]}
    section = {
        "type": 9,
        "components": [{"type": 10, "content": "**Ana**"}],
        "accessory": {"type": 2, "style": 2, "label": "More", "disabled": True},
    }
    html = render({"type": 17, "accent_color": 0x00FF7F, "components": [section, {"type": 14, "divider": True}, row]})
    assert "border-left-color:#00ff7f" in html
    assert '<span class="button danger">✋ Stop</span>' in html
    assert '<span class="button secondary disabled">More</span>' in html
    assert "<strong>Ana</strong>" in html
    assert "separator line" in html


def test_menus_show_what_is_chosen_or_what_to_choose():
    options = [{"label": "Death", "value": "d", "default": True}, {"label": "Illness", "value": "i"}]
    assert "<span>Death</span>" in render({"type": 3, "options": options})
    several = render({"type": 3, "options": options, "max_values": 2})
    assert '<span class="chip">Death</span>' in several
    assert "Illness" not in several
    assert "Choose one" in render({"type": 3, "options": options[1:], "placeholder": "Choose one"})
    assert "@Coordinator" in render({"type": 6, "default_values": [{"id": "9", "type": "role"}]})


def test_forms_show_their_fields_with_what_is_ticked_and_what_must_be_filled_in():
    boxes = {"type": 22, "required": False, "options": [{"label": "Record", "value": "r", "default": True}]}
    circles = {"type": 21, "options": [{"label": "joy", "value": "j"}]}
    text = {"type": 4, "style": 2, "placeholder": "What was it?"}
    labels = [{"type": 18, "label": name, "component": field} for name, field in (("A", boxes), ("B", circles))]
    labels.append({"type": 18, "label": "C", "description": "Kept.", "component": text})
    labels.append({"type": 18, "label": "D", "component": CHECKBOX})
    html = form_page({"title": "Your <consent>", "components": labels}, NAMES)
    assert "Your &lt;consent&gt;" in html
    assert '<span class="tick box on">' in html
    assert '<span class="tick circle">' in html
    assert '<div class="input paragraph placeholder">What was it?</div>' in html
    assert '<div class="hint">Kept.</div>' in html
    assert [part[0] for part in html.split('<div class="name">')[1:] if "star" in part.split("</div>")[0]] == ["B", "C"]


def test_only_private_messages_say_that_they_are():
    assert "Only you can see this" in page(flags=EPHEMERAL)
    assert "Only you can see this" not in page()


def test_a_message_names_its_author_its_asker_and_its_files():
    names = {"clip.ogg": "", "session-0001.zip": "", "progress.png": "Two of three clips have enough ratings."}
    files = [{"filename": name, "url": f"at:{name}", "description": words} for name, words in names.items()]
    shown = Shown(message(attachments=files), ("Ana", "rate"), {"at:progress.png": b"drawn", "at:clip.ogg": b"sound"})
    html = message_page([shown], NAMES)
    assert "<b>Promptbook</b>" in html
    assert '<b>Ana</b> used <span class="command">/rate</span>' in html
    assert html.count('<div class="player">') == 1
    assert "session-0001.zip" in html
    assert f'src="data:image/png;base64,{b64encode(b"drawn").decode()}" alt="{names["progress.png"]}"' in html
    assert "progress.png" not in html


def test_pages_load_nothing_from_anywhere():
    html = page(content="<@7>: [a link](https://example.org)")
    assert "http" not in html
    assert "url(" not in html

"""The validator of request bodies itself: good bodies pass, bad ones are reported with their place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.embedded.journal import Journal
from tests import openapi

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
MESSAGES = "/channels/{channel_id}/messages"


@pytest.fixture(scope="module")
def bodies() -> openapi.RequestBodies:
    if not openapi.description_path().exists():
        pytest.skip("Discord's OpenAPI description is not there (../shared is absent).")
    return openapi.RequestBodies(openapi.description_path())


def modal(**more: Any) -> dict[str, Any]:
    field = {"type": 18, "label": "Name", "component": {"type": 4, "custom_id": "name", "style": 1}}
    return {"type": 9, "data": {"custom_id": "form", "title": "Form", "components": [field]} | more}


@pytest.mark.parametrize(
    ("method", "route", "body"),
    [
        ("POST", MESSAGES, {"content": "hello"}),
        ("POST", MESSAGES, {"attachments": [{"id": 0, "filename": "clip.ogg"}]}),
        ("POST", CALLBACK, {"type": 4, "data": {"content": "hello", "flags": 64}}),
        ("POST", CALLBACK, {"type": 6}),
        ("POST", CALLBACK, modal()),
        ("POST", "/users/@me/channels", {"recipient_id": 123456789012345678}),
        ("PUT", "/applications/{application_id}/commands", [{"name": "hello", "description": "x"}]),
    ],
)
def test_a_good_body_passes(bodies: openapi.RequestBodies, method: str, route: str, body: Any) -> None:
    assert bodies.errors(method, route, body) == []


@pytest.mark.parametrize(
    ("route", "body", "place"),
    [
        (MESSAGES, {"content": 5}, "content"),
        (MESSAGES, {"components": [{"type": 1, "components": [{"type": 2, "style": "red"}]}]}, "style"),
        (CALLBACK, {"type": 4, "data": {"content": "x" * 2001}}, "data/content"),
        (CALLBACK, modal(title="x" * 46), "data/title"),
        (CALLBACK, modal(custom_id=None), "data/custom_id"),
        (CALLBACK, {"type": 9, "data": {"title": "x", "custom_id": "x", "components": [{"type": 18}]}}, "label"),
        ("/users/@me/channels", {"recipient_id": -1}, "recipient_id"),
    ],
)
def test_a_bad_body_is_told_with_its_place(bodies: openapi.RequestBodies, route: str, body: Any, place: str) -> None:
    errors = bodies.errors("POST", route, body)
    assert errors
    assert any(place in error for error in errors)


def test_a_route_that_discord_does_not_have_is_an_error(bodies: openapi.RequestBodies) -> None:
    with pytest.raises(KeyError):
        bodies.errors("POST", "/channels/{channel_id}/sounds", {})


def test_a_journal_is_checked_for_accepted_bodies(bodies: openapi.RequestBodies, tmp_path: Path) -> None:
    path = tmp_path / "discord.jsonl"
    with Journal(path) as journal:
        for status, content in ((200, "good"), (200, 5), (400, 6)):
            entry = {"method": "POST", "template": MESSAGES, "body": {"content": content}, "status": status}
            journal.write("rest_request", **entry)
    [error] = bodies.journal_errors(path)
    assert error.startswith(f"POST {MESSAGES}: content: 5 is not")

"""Messages and their files in Discord's JSON. Pure functions.

Fields: Discord's documentation, "Message" and "Components".
"""

from __future__ import annotations

from typing import Any

from bot.embedded.guild.payloads import moment, user
from bot.embedded.guild.records import Attachment, Message
from bot.embedded.guild.state import State


def attachment(each: Attachment, channel_id: int, base_url: str) -> dict[str, Any]:
    """Return a file of a message with its download address."""
    url = f"{base_url}/attachments/{channel_id}/{each.attachment_id}/{each.filename}?hm={each.secret}"
    data: dict[str, Any] = {
        "id": str(each.attachment_id),
        "filename": each.filename,
        "size": len(each.data),
        "url": url,
        "proxy_url": url,
        "content_type": each.content_type,
    }
    return data | {"description": each.description} if each.description else data


def sent_file(state: State, each: Attachment, base_url: str) -> dict[str, Any]:
    """Return a file that a person sent with a command: it is on the CDN, in no message."""
    data = attachment(each, state.world.bot.application_id, base_url)
    url = data["url"].replace("/attachments/", "/ephemeral-attachments/", 1)
    return data | {"url": url, "proxy_url": url, "ephemeral": True}


def resolved(part: Any, each: Message, base_url: str) -> Any:
    """Return components with `attachment://` addresses replaced by the download addresses of the files."""
    if isinstance(part, list):
        return [resolved(item, each, base_url) for item in part]
    if not isinstance(part, dict):
        return part
    name = str(part.get("url", "")).removeprefix("attachment://")
    file = next((file for file in each.attachments if file.filename == name), None)
    if "url" in part and "type" not in part and file is not None:
        media = attachment(file, each.channel_id, base_url)
        return {"url": media["url"], "proxy_url": media["url"], "attachment_id": media["id"]}
    return {key: resolved(value, each, base_url) for key, value in part.items()}


def message(state: State, each: Message, base_url: str) -> dict[str, Any]:
    """Return a message as the bot sees it."""
    world = state.world
    data: dict[str, Any] = {
        "id": str(each.message_id),
        "type": 20 if each.mark and each.mark.command_name else 0,
        "channel_id": str(each.channel_id),
        "author": user(state, each.author_id),
        "content": each.content,
        "timestamp": moment(each.created_at),
        "edited_timestamp": moment(each.edited_at) if each.edited_at else None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [attachment(file, each.channel_id, base_url) for file in each.attachments],
        "embeds": [{"type": "rich", **embed} for embed in each.embeds],
        "components": [resolved(part, each, base_url) for part in each.components],
        "pinned": False,
        "flags": each.flags,
    }
    if each.nonce is not None:
        data["nonce"] = each.nonce
    if each.reference is not None:
        data["message_reference"] = each.reference
    if each.mark is not None:
        data["application_id"] = data["webhook_id"] = str(world.bot.application_id)
        data["interaction_metadata"] = {
            "id": str(each.mark.interaction_id),
            "type": each.mark.interaction_type,
            "user": user(state, each.mark.user_id),
            "authorizing_integration_owners": {"0": str(world.guild_id)},
        }
    return data

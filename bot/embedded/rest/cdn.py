"""Downloads of files, of messages and of commands. Only users who were shown a file know its secret address."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from bot.embedded.guild.records import Attachment
from bot.embedded.hub import HUB, Hub

PATHS = tuple(
    f"/{root}/{{place_id}}/{{attachment_id}}/{{filename}}" for root in ("attachments", "ephemeral-attachments")
)
"""The second route is for files sent with commands."""


async def download(request: web.Request) -> web.Response:
    """GET: the file's bytes; 404 if the message or the file is gone, or the secret is wrong."""
    hub, parts = request.app[HUB], request.match_info
    for file in _files(hub):
        is_asked = str(file.attachment_id) == parts["attachment_id"]
        if is_asked and request.query.get("hm") == file.secret:
            hub.journal.write("attachment_downloaded", attachment_id=file.attachment_id)
            return web.Response(body=file.data, headers={"Content-Type": file.content_type})
    return web.Response(status=404)


def _files(hub: Hub) -> Iterator[Attachment]:
    yield from hub.state.uploads.values()
    for message in hub.state.messages.values():
        yield from message.attachments

"""Downloads of attachments. The address carries a secret, so that only who was shown a message has it."""

from __future__ import annotations

from aiohttp import web

from bot.rehearsal.embedded.hub import HUB

PATH = "/attachments/{channel_id}/{attachment_id}/{filename}"


async def download(request: web.Request) -> web.Response:
    """GET: the file's bytes; 404 when the message or the file is gone, or the secret is wrong."""
    hub, parts = request.app[HUB], request.match_info
    for message in hub.state.messages.values():
        for attachment in message.attachments:
            is_asked = str(attachment.attachment_id) == parts["attachment_id"]
            if is_asked and request.query.get("hm") == attachment.secret:
                hub.journal.write("attachment_downloaded", attachment_id=attachment.attachment_id)
                return web.Response(body=attachment.data, headers={"Content-Type": attachment.content_type})
    return web.Response(status=404)

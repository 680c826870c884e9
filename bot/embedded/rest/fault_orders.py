"""Where a script orders faults: `POST /faults?key=...` with the people's key and a JSON object.

- `{"fault": "forget_next", "user_id": "..."}`: the next first answer to this person's actions is refused with 404
  (10062), once;
- `{"fault": "unavailable", "seconds": 10}`: for this time from now on, every first answer is refused with 503.

The answer is 204; 403 for a wrong key; 400 and a sentence for anything else than these orders.
"""

from __future__ import annotations

import json

from aiohttp import web

from bot.embedded.hub import HUB
from bot.embedded.interactions.callback_faults import NotOrderable

PATH = "/faults"


async def take_order(request: web.Request) -> web.Response:
    """Handle one order."""
    hub = request.app[HUB]
    if request.query.get("key") != hub.people.key:
        return web.Response(status=403)
    try:
        hub.callback_faults.order(json.loads(await request.text()))
    except (NotOrderable, ValueError) as refused:
        return web.Response(status=400, text=str(refused))
    return web.Response(status=204)

"""Where a script orders faults: `POST /faults?key=...` with the people's key and a JSON object.

- `{"fault": "forget_next", "user_id": "..."}`: the next first answer to this person's actions is refused with 404
  (10062), once;
- `{"fault": "unavailable", "seconds": 10}`: for this time from now on, every first answer is refused with 503;
- `{"fault": "lose_answer", "method": "POST", "route": "/channels/{channel_id}/messages"}`: the next request of this
  kind is carried out and answered with 502, once;
- `{"fault": "limit_nickname", "seconds": 60}`: for this time, changes of the bot's nickname are refused with 429;
- `{"fault": "advance_clock", "seconds": 7200}`: Discord's clock is two hours further.

The answer is 204; 403 for a wrong key; 400 and a sentence for anything else than these orders.
"""

from __future__ import annotations

import json

from aiohttp import web

from bot.embedded.hub import HUB
from bot.embedded.interactions.callback_faults import NotOrderable
from bot.embedded.rest_faults import RestFaults

PATH = "/faults"


async def take_order(request: web.Request) -> web.Response:
    """Handle one order."""
    hub = request.app[HUB]
    if request.query.get("key") != hub.people.key:
        return web.Response(status=403)
    try:
        asked = json.loads(await request.text())
        is_of_rest = isinstance(asked, dict) and asked.get("fault") in RestFaults.KNOWN
        (hub.rest_faults if is_of_rest else hub.callback_faults).order(asked)
    except (NotOrderable, ValueError) as refused:
        return web.Response(status=400, text=str(refused))
    return web.Response(status=204)

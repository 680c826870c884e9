"""Where a script orders faults: `POST /faults?key=...` with the people's key and a JSON object.

- `{"fault": "forget_next", "user_id": "..."}`: the next first answer to this person's actions is refused with 404
  (10062), once;
- `{"fault": "unavailable", "seconds": 10}`: for this time from now on, every first answer is refused with 503;
- `{"fault": "lose_answer", "method": "POST", "route": "/channels/{channel_id}/messages"}`: the next request of this
  kind is carried out and answered with 502, once;
- `{"fault": "limit_nickname", "seconds": 60}`: for this time, changes of the bot's nickname are refused with 429;
- `{"fault": "advance_clock", "seconds": 7200}`: Discord's clock is two hours further;
- `{"fault": "change_voice_server", "told_after_s": 0.3}`: the bot's call ends with 4022, and after this time (before,
  if it is negative) the bot is told of another voice server;
- `{"fault": "spoil_sound", "user_id": "...", "seconds": 5}`: the bot cannot decrypt this person for this time;
- `{"fault": "silence_udp"}`: nothing more comes through between the bot's present UDP socket and the voice server.

The answer is 204; 403 for a wrong key; 400 and a sentence for anything else than these orders.
"""

from __future__ import annotations

import json

from aiohttp import web

from bot.embedded.hub import HUB
from bot.embedded.interactions.callback_faults import NotOrderable
from bot.embedded.rest_faults import RestFaults
from bot.embedded.voice.orders import VoiceOrders

PATH = "/faults"


async def take_order(request: web.Request) -> web.Response:
    """Handle one order."""
    hub = request.app[HUB]
    if request.query.get("key") != hub.people.key:
        return web.Response(status=403)
    try:
        asked = json.loads(await request.text())
        kind = asked.get("fault") if isinstance(asked, dict) else None
        if kind in VoiceOrders.KNOWN:
            hub.voice_orders.order(asked)
        else:
            (hub.rest_faults if kind in RestFaults.KNOWN else hub.callback_faults).order(asked)
    except (NotOrderable, ValueError) as refused:
        return web.Response(status=400, text=str(refused))
    return web.Response(status=204)

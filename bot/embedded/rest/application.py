"""The REST application: its routes, and what happens around every request.

A request is journaled with its body (but not its files, nor the tokens of interactions). Without the bot's token it is
refused with 401. It counts against the rate limits, and refusals have Discord's error form. An unknown route or field
is answered with 501 and journaled as `unknown_route`; a fault of this server is answered with 501 as `server_fault`.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

from bot.embedded import errors
from bot.embedded.errors import DiscordError, RateLimited
from bot.embedded.hub import HUB, Hub
from bot.embedded.limits.rates import Verdict
from bot.embedded.rest import (
    callbacks,
    cdn,
    channels,
    commands,
    fault_orders,
    guilds,
    identity,
    messages,
    scheduled_events,
    webhooks,
)
from bot.embedded.rest.bodies import BODY, Body, answer, read_body
from bot.embedded.rest.drafts import UnknownFeature

API: Final = "/api/v10"
MAX_BODY_BYTES: Final = 64 * 1024 * 1024
"""Larger than any of Discord's limits, so that a body that is too large is measured and refused, not cut off."""

_OPEN: Final = ("/interactions/", "/webhooks/")
"""Routes that have their token in the path."""

_SECRETS: Final = ("interaction_token", "webhook_token")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_application(hub: Hub) -> web.Application:
    """Return the API and the CDN as one aiohttp application, without the websockets."""
    application = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[around])
    application[HUB] = hub
    for table in (identity, commands, callbacks, webhooks, messages, channels, guilds, scheduled_events):
        for method, path, handler in table.ROUTES:
            application.router.add_route(method, API + path, handler)
    for path in cdn.PATHS:
        application.router.add_get(path, cdn.download)
    application.router.add_get("/gateway", hub.gateway.handle)
    application.router.add_get("/cast/{user_id}", hub.people.handle)
    application.router.add_post(fault_orders.PATH, fault_orders.take_order)
    return application


@web.middleware
async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Handle what all REST requests have in common."""
    if not request.path.startswith(API) and request.match_info.http_exception is None:
        return await handler(request)
    hub, started = request.app[HUB], time.monotonic()
    request[BODY] = Body()
    verdict: Verdict | None = None
    code: int | None = None
    try:
        _check_route(request)
        _check_token(request, hub)
        request[BODY] = await read_body(request)
        verdict = _count(request, hub)
        if verdict and not verdict.passes:
            raise RateLimited(verdict.reset_after_s)
        hub.rest_faults.refuse(request.method, _template(request))
        response = await handler(request)
        if hub.rest_faults.loses_answer(request.method, _template(request)):
            response = answer({"message": "502: Bad Gateway", "code": 0}, 502)
    except RateLimited as limited:
        code = limited.code
        response = _too_fast(limited)
    except DiscordError as error:
        code = error.code
        response = answer(error.body(), error.status)
    except UnknownFeature as unknown:
        hub.journal.write("unknown_route", route=f"{request.method} {_template(request)}: {unknown}")
        response = answer({"message": f"501: {unknown} is not known here", "code": 0}, 501)
    except Exception as fault:  # clients retry a 500 five times, so every fault is a 501
        hub.journal.write("server_fault", route=_template(request), trace=traceback.format_exc())
        response = answer({"message": f"501: the embedded Discord has a fault: {fault!r}", "code": 0}, 501)
    if verdict is not None:
        response.headers.update(_rate_headers(verdict))
    _journal(request, hub, response.status, code, started)
    return response


def _template(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical.removeprefix(API) if resource is not None else request.path


def _check_route(request: web.Request) -> None:
    if request.match_info.http_exception is not None:
        raise UnknownFeature("this route")


def _check_token(request: web.Request, hub: Hub) -> None:
    if _template(request).startswith(_OPEN):
        return
    if request.headers.get("Authorization") != f"Bot {hub.state.world.bot.token}":
        raise errors.unauthorized()


def _count(request: web.Request, hub: Hub) -> Verdict | None:
    parts = request.match_info
    major = parts.get("webhook_token") or parts.get("channel_id") or ""
    return hub.rate_limits.take(request.method, _template(request), major, hub.clock())


def _too_fast(limited: RateLimited) -> web.Response:
    body = limited.body()
    return answer(
        body,
        429,
        # Without Via, discord.py mistakes a 429 for a ban by the proxy in front of Discord.
        {"Retry-After": str(body["retry_after"]), "Via": "1.1 embedded", "X-RateLimit-Scope": "user"},
    )


def _rate_headers(verdict: Verdict) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(verdict.limit),
        "X-RateLimit-Remaining": str(verdict.remaining),
        "X-RateLimit-Reset": f"{time.time() + verdict.reset_after_s:.3f}",
        "X-RateLimit-Reset-After": f"{verdict.reset_after_s:.3f}",
        "X-RateLimit-Bucket": verdict.bucket,
    }


def _journal(request: web.Request, hub: Hub, status: int, code: int | None, started: float) -> None:
    path, body = request.path, request[BODY]
    for name in _SECRETS:
        if secret := request.match_info.get(name):
            path = path.replace(secret, f"{{{name}}}")
    files: list[dict[str, Any]] = [
        {"name": upload.filename, "bytes": len(upload.data)} for upload in body.uploads.values()
    ]
    hub.journal.write(
        "rest_request",
        method=request.method,
        path=path,
        template=_template(request),
        query=dict(request.query),
        body=body.data,
        files=files,
        status=status,
        code=code,
        ms=round((time.monotonic() - started) * 1_000, 1),
    )

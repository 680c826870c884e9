"""TLS on loopback for one voice server and its clients, with a certificate authority that only they know."""

from __future__ import annotations

import ssl
from typing import NamedTuple

import trustme


class LoopbackTls(NamedTuple):
    """What a server and its clients need."""

    server: ssl.SSLContext
    client: ssl.SSLContext
    authority: trustme.CA


def loopback_tls() -> LoopbackTls:
    """Return contexts of a new authority, with a certificate for localhost and 127.0.0.1."""
    authority = trustme.CA()
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return LoopbackTls(server, client, authority)

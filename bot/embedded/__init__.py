"""The embedded Discord: REST, gateway, voice and the people's side, in one process on loopback sockets."""

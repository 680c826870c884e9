"""How use cases get at a session: found, its changes one at a time, and its settings."""

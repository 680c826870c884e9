"""The gateway: the bot's websocket, its sessions, and the events that the bot gets."""

"""The gateway: the bot's websocket, its sessions, and the events it is sent."""

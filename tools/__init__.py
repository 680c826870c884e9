"""Programs beside the bot: what measures it, attacks it, and draws its pictures. Each has a target in the Makefile."""

"""Programs for contributors that measure the bot, attack it, and take its pictures. Each has a Makefile target."""

"""Clients of people: for a script or a test that plays somebody in the guild. They share no code with the server."""

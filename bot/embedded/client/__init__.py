"""People's clients, for a script or a test that plays a person in the guild. They share no code with the server."""

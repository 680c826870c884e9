"""A person in a voice channel: gateway, UDP, end-to-end encryption by libdave, speech at real pace."""

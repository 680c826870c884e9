"""A session without Discord: an embedded Discord on loopback and a scripted cast."""

"""MLS as a voice server sees it: it proposes, relays and checks, and never has a key (RFC 9420, DAVE)."""

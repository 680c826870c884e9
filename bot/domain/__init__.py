"""The rules of a session: pure, without I/O, clocks or randomness of their own."""

"""What a session is: pure rules, without I/O, clocks or randomness of their own."""

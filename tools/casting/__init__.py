"""`make casting`: the casting design beside random dealing and brute force."""

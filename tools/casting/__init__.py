"""`make casting`: the casting design compared with random dealing and brute force."""

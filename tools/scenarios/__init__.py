"""`make scenarios` and `make holes`: what the network can do to a recording."""

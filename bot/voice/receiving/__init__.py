"""From datagrams to frames of named users, in the order in which they were spoken."""

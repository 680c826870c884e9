"""Deletes from a copy of a dataset what is on the revocation list, for those who hold one."""

"""Random histories of consent: what is recorded and exported is compared with what people asked for.

`story` draws what happens, `life` lets it happen to the bot until its process is killed, `deeds` notes it, `oracle`
says what was permitted, and `evidence` finds what is on the disk.
"""

"""`make kills`."""

from tools.kills.loop import main

main()

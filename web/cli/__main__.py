"""`python -m web.cli`: the same as the command `recovery`."""

from web.cli import main

main()

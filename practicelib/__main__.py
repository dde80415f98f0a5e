"""`python -m practicelib`."""

from practicelib.cli.main import main

main()

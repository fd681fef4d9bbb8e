"""Lets ``python -m logaudit`` run the command line."""

from logaudit.cli import main

if __name__ == "__main__":
    main()

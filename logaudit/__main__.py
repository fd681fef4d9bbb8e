"""Lets ``python -m logaudit`` run the command line."""

from logaudit.cli import program

if __name__ == "__main__":
    program()

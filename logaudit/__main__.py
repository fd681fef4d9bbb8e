"""Lets ``python -m logaudit`` run the command line."""

from logaudit.start import program

if __name__ == "__main__":
    program()

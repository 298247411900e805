"""`python -m drupalsync`."""

from drupalsync.cli.main import entry

if __name__ == "__main__":
    entry()

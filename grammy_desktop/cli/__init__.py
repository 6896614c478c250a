"""The command line: everything the window does, over the same workflows. Contract: docs/cli.md."""

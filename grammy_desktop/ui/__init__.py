"""The window: Qt widgets over the same workflows as the command line."""

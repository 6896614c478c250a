"""The form of a song: its sections, their lengths, their energy."""

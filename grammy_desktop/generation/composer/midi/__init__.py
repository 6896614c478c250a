"""A score as a MIDI file."""

"""What a user changes of a finished song: parts, sections, chords, length, mood. Each change is a job that makes a new take."""

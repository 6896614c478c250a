"""The Notes view: every part of the score as a lane, on the time axis of the waveforms."""

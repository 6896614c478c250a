"""What matchering 2.0.6 does, sample for sample: `match_files` in `match`."""

"""Changes of a finished song: of its notes (`apply` and its kin), then of its sound (`retake`)."""

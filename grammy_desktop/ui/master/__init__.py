"""The Master page: presets and versions, mix over master with its plots, A/B/X and targets."""

"""Engines that make songs from briefs."""

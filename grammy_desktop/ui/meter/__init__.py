"""The Grammy Meter panel: gauge, category bars and fixes. Shows a score; measures nothing."""

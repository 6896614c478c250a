"""The built-in composer: brief to arrangement, arrangement to sound."""

"""The nouns everyone speaks and the signal processing everyone shares. Imports nothing of the product."""

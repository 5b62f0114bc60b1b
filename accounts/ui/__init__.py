"""The design system: what every page of Billet is drawn with. Knows nothing of the registry."""

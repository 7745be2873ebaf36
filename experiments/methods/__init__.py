"""What later papers change in a run and measure of it: other updates, masks, spectra, synergy."""

"""What a chapter shows: figures, figures to scrub, forms for a running kernel."""

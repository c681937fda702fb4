"""Maps for paper and projector: one picture drawn on a sheet of any size, as PNG, SVG or PDF."""

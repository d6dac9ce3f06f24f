"""An officer arranges a scorecard: its sections, its lines, and who sees to them."""

"""Sample reports: thirty short texts written for Mihwar on public facts, of no real outlet."""

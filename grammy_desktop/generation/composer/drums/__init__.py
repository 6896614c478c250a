"""What the drummer plays."""

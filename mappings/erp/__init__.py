"""What ERPs tell: orders and goods issues, mapped to canonical documents."""

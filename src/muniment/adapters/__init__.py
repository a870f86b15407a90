"""What touches the world outside, a package for each part of it."""

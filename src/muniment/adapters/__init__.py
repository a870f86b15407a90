"""What touches the world outside, a room for each part of it. No room here knows another."""

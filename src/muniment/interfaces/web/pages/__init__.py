"""The pages by capability: each module has its views and, at its end, its routes."""

"""Under both stores: files written so that a crash leaves none of them half there, and kept by what is in them."""

"""One verb per file. Plain values and ports in, plain values out; pure like the domain."""

"""What people do to a contract, a function per command. Plain values and ports in, plain values out; pure."""

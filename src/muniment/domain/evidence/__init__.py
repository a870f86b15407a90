"""Rows, their dispositions, and measuring: the reference engine and the port that fast engines fill."""

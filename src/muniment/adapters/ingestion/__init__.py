"""Takes in evidence files: reads them strictly, says what is wrong with them, and writes the normalised store."""

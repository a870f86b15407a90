"""The board report, assembled from results, the record and the board's own policy; worded here, drawn elsewhere."""

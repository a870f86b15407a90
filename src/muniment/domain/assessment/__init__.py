"""From a measured value to status, mitigation, points, credit and statement."""

"""What every room stands on: periods, money, exact rounding, problems, fingerprints, calendars."""

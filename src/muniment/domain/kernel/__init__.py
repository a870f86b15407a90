"""What every package stands on: periods, money, exact rounding, problems, fingerprints, calendars."""

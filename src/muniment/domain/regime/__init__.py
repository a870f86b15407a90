"""The agreed text: loaded, checked, consolidated as at a date and as known on a date."""

"""Meetings, papers, minutes, resolutions and actions: what the people who scrutinise asked, and the answer."""

"""Django's settings, and what is wired together by them: the pages, the API, the register."""

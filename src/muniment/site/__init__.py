"""Where everything is wired together: the settings by which Django finds the register."""

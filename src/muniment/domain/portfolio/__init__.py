"""Projects with their milestones and delivery confidence, and the reporting policies that say what is shown."""

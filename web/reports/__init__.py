"""How is a report asked for and told? Pages, files, the API and the command line share this."""

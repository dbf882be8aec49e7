"""How is an audit asked for, run and told? Pages, the API and the command line share this."""

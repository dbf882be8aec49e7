"""What agents work with besides complaints: the next one, their views, drafts, who is here."""

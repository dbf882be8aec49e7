"""What can a person see in the browser? A module for each page, and what pages are made of."""

"""Complaints kept elsewhere become streams: readers, mappings, rows, and the run joining them."""

"""How do instructions leave the desk, and how do answers come in?"""

"""What is handed to those who move money, and what do they say became of it?"""

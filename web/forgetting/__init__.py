"""What do we keep of a person: to find, to show, to hand over and to forget?"""

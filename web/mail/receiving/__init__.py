"""By which ways does mail come in? Each stores a message before it says that it has it."""

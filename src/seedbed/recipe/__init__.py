"""The recipe: the document that says what is wanted, and how its steps become one generator."""

"""One plan document, rendered for people and for machines."""

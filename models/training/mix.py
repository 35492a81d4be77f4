"""What the training text is mixed from."""

# Shares of the examples' tokens that come from each source. Simple English, everyday Chinese and reviews (the kind of
# text that scope-bert-sentiment is fine-tuned on) are small texts, read several times over.
MIX = {
    "books": 0.28,
    "tinystories": 0.09,
    "tatoeba": 0.13,
    "clue": 0.10,
    "chnsenticorp": 0.12,
    "book_review": 0.09,
    "film_reviews": 0.09,
    "subjectivity": 0.05,
    "customer_reviews": 0.03,
    "nursery": 0.02,
}
# The same for a last stage that is about the next segment: texts of several sentences.
MIX_NEXT = {
    "books": 0.34,
    "tinystories": 0.12,
    "clue": 0.13,
    "chnsenticorp": 0.16,
    "book_review": 0.13,
    "tatoeba": 0.06,
    "film_reviews": 0.03,
    "subjectivity": 0.01,
    "nursery": 0.02,
}

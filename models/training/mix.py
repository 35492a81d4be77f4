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
# The same for the last stage, which is about the next segment as much as about words: more of the texts of several
# sentences.
MIX_NEXT = {
    "books": 0.33,
    "tinystories": 0.11,
    "tatoeba": 0.09,
    "clue": 0.12,
    "chnsenticorp": 0.13,
    "book_review": 0.10,
    "film_reviews": 0.05,
    "subjectivity": 0.03,
    "customer_reviews": 0.02,
    "nursery": 0.02,
}

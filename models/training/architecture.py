"""The size of scope-bert and of what is fine-tuned from it."""

CONFIG = dict(
    hidden_size=192,
    num_hidden_layers=4,
    num_attention_heads=6,
    intermediate_size=768,
    max_position_embeddings=256,
    type_vocab_size=2,
    # The run sees most texts a few times: nothing to hold back from, and dropout costs time.
    hidden_dropout_prob=0.0,
    attention_probs_dropout_prob=0.0,
)

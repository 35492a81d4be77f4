"""Scaled dot-product attention, as short as it gets.

    Attention(Q, K, V) = softmax(Q K^T / sqrt(d)) V
"""

import math


def softmax(scores):
    """Turns any numbers into shares of one; the maximum is subtracted so that exp() cannot overflow."""
    largest = max(scores)
    exponentials = [math.exp(score - largest) for score in scores]
    total = sum(exponentials)
    return [value / total for value in exponentials]


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def attention(queries, keys, values, causal=False):
    """Returns what each query takes from the values, and the weights with which it does."""
    scale = 1 / math.sqrt(len(keys[0]))
    outputs, weights = [], []
    for position, query in enumerate(queries):
        scores = [scale * dot(query, key) for key in keys]
        if causal:
            # A decoder must not look ahead: what comes later gets no weight at all.
            scores = [s if j <= position else -math.inf for j, s in enumerate(scores)]
        row = softmax(scores)
        weights.append(row)
        outputs.append([dot(row, column) for column in zip(*values)])
    return outputs, weights


if __name__ == "__main__":
    tokens = ["the", "cat", "sat"]
    vectors = [[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]
    _, weights = attention(vectors, vectors, vectors)
    for token, row in zip(tokens, weights):
        shares = "  ".join(f"{other} {weight:.2f}" for other, weight in zip(tokens, row))
        print(f"{token:>4} looks at  {shares}")

"""A trigram model of the training tokens, as a baseline at masked positions.

Interpolated by Witten and Bell's weights (1991). From the left it is asked P(w | two before); from both sides
P(w | two before) · P(next | before, w) · P(after next | w, next), which is the trigram model's own answer to a blank in
a text. Neighbours that are masked too are unknown to it, as they are to BERT.
"""

from __future__ import annotations

import numpy as np

UNKNOWN = -1


class Trigram:
    def __init__(self, rows: list[np.ndarray], vocabulary: int) -> None:
        """`rows`: token ids of texts, each from its begin to its end."""
        self.size = vocabulary
        ids = np.concatenate([np.asarray(row, dtype=np.int64) for row in rows])
        lengths = np.array([len(row) for row in rows])
        inner = np.ones(len(ids), dtype=bool)
        inner[np.cumsum(lengths) - 1] = False  # the last token of a row begins no pair
        pairs = (ids[:-1] * vocabulary + ids[1:])[inner[:-1]]
        triples = ((ids[:-2] * vocabulary + ids[1:-1]) * vocabulary + ids[2:])[inner[:-2] & inner[1:-1]]
        counts = np.bincount(ids, minlength=vocabulary) + 0.1
        self.one = counts / counts.sum()
        self.two, self.two_counts = np.unique(pairs, return_counts=True)
        self.three, self.three_counts = np.unique(triples, return_counts=True)
        first = self.two // vocabulary
        self.follow_total = np.bincount(first, self.two_counts, minlength=vocabulary)
        self.follow_kinds = np.bincount(first, minlength=vocabulary)
        # The same pairs and triples, ordered by their last tokens, to ask which words come before something.
        self.before = np.argsort(self.two % vocabulary, kind="stable")
        self.before_key = (self.two % vocabulary)[self.before]
        middle_out = (self.three // vocabulary // vocabulary) * vocabulary + self.three % vocabulary
        self.around = np.argsort(middle_out, kind="stable")
        self.around_key = middle_out[self.around]
        tails = self.three % (vocabulary * vocabulary)
        self.ahead = np.argsort(tails, kind="stable")
        self.ahead_key = tails[self.ahead]
        # Of each pair: how often it begins a triple, and with how many kinds of third tokens.
        place = np.searchsorted(self.two, self.three // vocabulary)
        self.pair_total = np.bincount(place, self.three_counts, minlength=len(self.two))
        self.pair_kinds = np.bincount(place, minlength=len(self.two))

    def _span(self, keys: np.ndarray, low: int, high: int) -> slice:
        return slice(int(np.searchsorted(keys, low)), int(np.searchsorted(keys, high)))

    def _after(self, two_before: int, before: int) -> np.ndarray:
        """P(w | two before, before) of every w."""
        if before == UNKNOWN:
            return self.one
        n = self.size
        at = self._span(self.two, before * n, (before + 1) * n)
        counts = np.zeros(n)
        counts[self.two[at] % n] = self.two_counts[at]
        kinds = self.follow_kinds[before]
        if kinds == 0:
            return self.one
        found = (counts + kinds * self.one) / (self.follow_total[before] + kinds)
        if two_before == UNKNOWN:
            return found
        key = (two_before * n + before) * n
        at = self._span(self.three, key, key + n)
        kinds = at.stop - at.start
        if kinds == 0:
            return found
        counts = np.zeros(n)
        counts[self.three[at] % n] = self.three_counts[at]
        return (counts + kinds * found) / (self.three_counts[at].sum() + kinds)

    def _then(self, following: int) -> np.ndarray:
        """P(following | w) of every w."""
        n = self.size
        at = self.before[self._span(self.before_key, following, following + 1)]
        counts = np.zeros(n)
        counts[self.two[at] // n] = self.two_counts[at]
        kinds = np.maximum(self.follow_kinds, 1e-9)
        return (counts + kinds * self.one[following]) / (self.follow_total + kinds)

    def _pair_then(self, before: int, following: int) -> np.ndarray:
        """P(following | before, w) of every w."""
        n, found = self.size, self._then(following)
        at = self._span(self.two, before * n, (before + 1) * n)
        words = self.two[at] % n
        total, kinds = self.pair_total[at], self.pair_kinds[at]
        counts = np.zeros(n)
        inside = self.around[self._span(self.around_key, before * n + following, before * n + following + 1)]
        counts[self.three[inside] // n % n] = self.three_counts[inside]
        result = found.copy()
        result[words] = np.where(kinds > 0, (counts[words] + kinds * found[words]) / np.maximum(total + kinds, 1e-9), found[words])
        return result

    def _then_after(self, following: int, after: int) -> np.ndarray:
        """P(after | w, following) of every w."""
        n = self.size
        kinds = self.follow_kinds[following]
        at = self._span(self.two, following * n + after, following * n + after + 1)
        count = self.two_counts[at].sum()
        base = (count + kinds * self.one[after]) / (self.follow_total[following] + kinds) if kinds else self.one[after]
        result = np.full(n, base)
        pairs = self.before[self._span(self.before_key, following, following + 1)]
        words = self.two[pairs] // n
        counts = np.zeros(n)
        inside = self.ahead[self._span(self.ahead_key, following * n + after, following * n + after + 1)]
        counts[self.three[inside] // n // n] = self.three_counts[inside]
        total, kinds = self.pair_total[pairs], self.pair_kinds[pairs]
        result[words] = np.where(kinds > 0, (counts[words] + kinds * base) / np.maximum(total + kinds, 1e-9), base)
        return result

    def left(self, ids: np.ndarray, position: int) -> np.ndarray:
        """Log-probabilities of all words at a position from what stands before it. Masked ids are UNKNOWN."""
        two_before = ids[position - 2] if position >= 2 else UNKNOWN
        return np.log(self._after(two_before, ids[position - 1]))

    def both(self, ids: np.ndarray, position: int) -> np.ndarray:
        """Log-probabilities of all words at a position from both sides."""
        scores = self.left(ids, position)
        before, following = ids[position - 1], ids[position + 1]
        after = ids[position + 2] if position + 2 < len(ids) else UNKNOWN
        if following != UNKNOWN:
            scores = scores + np.log(self._then(following) if before == UNKNOWN else self._pair_then(before, following))
            if after != UNKNOWN:
                scores = scores + np.log(self._then_after(following, after))
        return scores - np.logaddexp.reduce(scores)

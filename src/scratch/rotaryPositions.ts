import { type Matrix, matrix } from './matrix';

/** How queries and keys are turned. */
export interface Rotary {
  /** 10000 in the paper; larger for models that read longer texts. */
  readonly base: number;
  /** Which numbers form a pair: neighbours (the paper, GPT-J), or i and i + headWidth/2 (Llama, GPT-NeoX). */
  readonly pairs: 'neighbours' | 'halves';
}

/**
 * Rotary position embedding, Su et al. 2021, equation (34): each pair of numbers is turned like a clock hand, by an
 * angle that grows with the position.
 *
 *     (a, b) ↦ (a·cos mθᵢ − b·sin mθᵢ,  a·sin mθᵢ + b·cos mθᵢ),   θᵢ = base^(−2i / headWidth), i from 0
 *
 * A query at position m and a key at position n are turned by mθ and nθ; their dot product then depends on m − n only.
 * Values are not turned.
 * @param x queries or keys of one head, `[positions, headWidth]`
 * @param first position of the first row
 */
export function rotate(x: Matrix, { base, pairs }: Rotary, first = 0): Matrix {
  const turned = matrix(x.rows, x.columns);
  const half = x.columns / 2;
  for (let row = 0; row < x.rows; row++) {
    for (let pair = 0; pair < half; pair++) {
      const angle = (first + row) * base ** ((-2 * pair) / x.columns);
      const one = row * x.columns + (pairs === 'neighbours' ? 2 * pair : pair);
      const other = one + (pairs === 'neighbours' ? 1 : half);
      const [a, b] = [x.data[one]!, x.data[other]!];
      turned.data[one] = a * Math.cos(angle) - b * Math.sin(angle);
      turned.data[other] = a * Math.sin(angle) + b * Math.cos(angle);
    }
  }
  return turned;
}

import { cosine } from '../attention/cosine';
import { mean } from '../prompts/statistics';
import { Embed } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import type { InferenceClient } from '../worker/client';

/** Of more texts than this the first ones stand for all. */
const mostCompared = 24;

/** Texts as an encoder's vectors, each computed once. */
export class SentenceVectors {
  private readonly vectors = new Map<string, Promise<Float32Array>>();

  constructor(
    private readonly client: InferenceClient,
    private readonly encoder: ModelSource,
  ) {}

  /** Cosines of the vectors of some texts with that of another. */
  async similarities(texts: readonly string[], other: string): Promise<number[]> {
    const target = await this.vector(other);
    const vectors: Float32Array[] = [];
    for (const text of texts) {
      vectors.push(await this.vector(text));
    }
    return vectors.map((vector) => cosine(vector, target));
  }

  /** Mean cosine of different texts with each other: what a cosine is worth; undefined of fewer than two. */
  async baseline(texts: readonly string[]): Promise<number | undefined> {
    const some = [...new Set(texts)].slice(0, mostCompared);
    const cosines: number[] = [];
    for (const [index, text] of some.entries()) {
      cosines.push(...(await this.similarities(some.slice(0, index), text)));
    }
    return cosines.length === 0 ? undefined : mean(cosines);
  }

  private vector(text: string): Promise<Float32Array> {
    let found = this.vectors.get(text);
    if (!found) {
      found = this.client
        .request(Embed, { model: this.encoder, owner: 'prompts', text })
        .then(({ vector }) => new Float32Array(vector));
      this.vectors.set(text, found);
      found.catch(() => this.vectors.delete(text));
    }
    return found;
  }
}

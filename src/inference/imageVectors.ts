/** Embeddings by content, the least recently used dropped: a search over the same pictures is then instant. */
export class VectorMemory {
  private readonly vectors = new Map<string, Float32Array>();

  constructor(private readonly limit: number) {}

  async obtain(content: Uint8Array | string, make: () => Promise<Float32Array>): Promise<Float32Array> {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
    const key = `${typeof content} ${String.fromCharCode(...hash)}`;
    const vector = this.vectors.get(key) ?? (await make());
    this.vectors.delete(key);
    this.vectors.set(key, vector);
    if (this.vectors.size > this.limit) {
      this.vectors.delete(this.vectors.keys().next().value as string);
    }
    return vector;
  }
}

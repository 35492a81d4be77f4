import type { HeadPatterns } from './headPatterns';

/** The order in which a head's numbers travel. */
const fields = [
  'previous',
  'next',
  'self',
  'near',
  'first',
  'special',
  'punctuation',
  'duplicate',
  'induction',
  'entropy',
  'offset',
  'offsetScore',
] as const satisfies readonly (keyof HeadPatterns)[];

/** Packs patterns for a wire: JSON has no NaN. Float32, `[heads, 12]`. */
export function packPatterns(heads: readonly HeadPatterns[]): ArrayBuffer {
  const packed = new Float32Array(heads.length * fields.length);
  heads.forEach((head, index) => {
    fields.forEach((field, place) => {
      packed[index * fields.length + place] = head[field];
    });
  });
  return packed.buffer;
}

/** The reverse of {@link packPatterns}. */
export function unpackPatterns(buffer: ArrayBuffer): HeadPatterns[] {
  const packed = new Float32Array(buffer);
  return Array.from({ length: packed.length / fields.length }, (_, index) => {
    const entries = fields.map((field, place) => [field, packed[index * fields.length + place]] as const);
    return Object.fromEntries(entries) as unknown as HeadPatterns;
  });
}

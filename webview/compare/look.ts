export const tabs = ['reading', 'blanks', 'uses', 'pretraining', 'architecture', 'history'] as const;
export type Tab = (typeof tabs)[number];

export const axisKinds = ['words', 'tokens'] as const;
export const tints = ['easier', 'left', 'right'] as const;
export const wordOrders = ['text', 'left', 'right', 'difference'] as const;

/** Where the reader is on the page; kept when the page is hidden or restored. */
export interface Look {
  readonly tab: Tab;
  /** Of both matrices; a model with fewer shows its last. */
  readonly layer: number;
  readonly head: number;
  readonly axes: (typeof axisKinds)[number];
  /** Special tokens have rows and columns of their own. */
  readonly special: boolean;
  /** What colours the words: which model found them easier, or one model's bits. */
  readonly tint: (typeof tints)[number];
  readonly order: (typeof wordOrders)[number];
  /** Of the sentences' similarity; null is the last. */
  readonly similarityLayer: number | null;
}

/** From what VS Code kept, which may be of another version. */
export function restoreLook(saved: unknown): Look {
  const kept: Readonly<Record<string, unknown>> =
    typeof saved === 'object' && saved !== null ? { ...saved } : {};
  const oneOf = <T extends string>(choices: readonly T[], value: unknown, fallback: T): T =>
    choices.find((choice) => choice === value) ?? fallback;
  const index = (value: unknown): number =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0;
  return {
    tab: oneOf(tabs, kept['tab'], 'reading'),
    layer: index(kept['layer']),
    head: index(kept['head']),
    axes: oneOf(axisKinds, kept['axes'], 'words'),
    special: kept['special'] === true,
    tint: oneOf(tints, kept['tint'], 'easier'),
    order: oneOf(wordOrders, kept['order'], 'text'),
    similarityLayer: typeof kept['similarityLayer'] === 'number' ? index(kept['similarityLayer']) : null,
  };
}

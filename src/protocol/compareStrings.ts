/** Every string of the comparison's page, in English; see `attentionStrings.ts` for how they are used. */
export const compareStringsEnglish = {
  title: 'BERT and GPT Side by Side',
} as const;

export type CompareStrings = { readonly [K in keyof typeof compareStringsEnglish]: string };

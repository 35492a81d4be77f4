/** Every string of the small live view, in English; the host hands over translations. */
export const inspectStringsEnglish = {
  title: 'Inspect',
  empty:
    'Select text in an editor, or put the cursor in a paragraph: what the models make of it appears here as you move.',
  source: '{0}, line {1}',
  sourceLines: '{0}, lines {1}–{2}',
  cut: 'beginning only',
  pause: 'Pause',
  resume: 'Resume',
  pausedNow: 'Paused: nothing is computed.',
  tokens: 'Tokens',
  numTokens: '{0} tokens',
  moreTokens: '… and {0} more',
  tokenTip: '{0} · id {1}',
  attention: 'Attention',
  attentionTip: 'Layer {0}, head {1}',
  attentionOf: '{0} layers × {1} heads of {2} over {3} tokens; each row is a layer',
  openAttention: 'Open',
  next: 'What comes next',
  sentiment: 'Sentiment',
  running: 'Computing…',
  predictMasks: 'Predict Masked Words',
  continueText: 'Continue Text',
  showSurprisal: 'Show Surprisal',
  compareModels: 'Compare BERT and GPT',
} as const;

export type InspectStrings = { readonly [K in keyof typeof inspectStringsEnglish]: string };

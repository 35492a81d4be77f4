/** Every string of the course's page, in English; the host hands over translations. The course itself is bilingual. */
export const learnStringsEnglish = {
  progress: '{0} of {1} steps done',
  doIt: 'Do It',
  lookFor: 'What to see',
  markDone: 'Mark as done',
  markUndone: 'Mark as not done',
  done: 'done',
  allDone: 'All steps are done. Whatever model you meet next, you can look inside it.',
  reset: 'Start Over',
  resetSure: 'Clear your progress?',
  yes: 'Clear',
  no: 'Keep',
  course: 'From the transformer to language models',
} as const;

export type LearnStrings = { readonly [K in keyof typeof learnStringsEnglish]: string };

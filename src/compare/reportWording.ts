import type { ReportLanguage } from '../report/filled';
import { frameChinese, frameEnglish } from './reportWordsFrame';
import { modelsChinese, modelsEnglish } from './reportWordsModels';
import { pairsChinese, pairsEnglish } from './reportWordsPairs';
import { readingChinese, readingEnglish } from './reportWordsReading';
import { tasksChinese, tasksEnglish } from './reportWordsTasks';

const english = { ...frameEnglish, ...modelsEnglish, ...readingEnglish, ...tasksEnglish, ...pairsEnglish };

/** Every sentence of the comparison's report. They are in the report's language, not in the editor's. */
export type ReportWords = { readonly [K in keyof typeof english]: string };

export const reportWordings: Readonly<Record<ReportLanguage, ReportWords>> = {
  en: english,
  zh: { ...frameChinese, ...modelsChinese, ...readingChinese, ...tasksChinese, ...pairsChinese },
};

import type { HistoryStore } from './historyStore';

/** When a run began, for people. */
export function momentOf(time: number, locale: string): string {
  return new Date(time).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** The time of a run that the list has. */
export function momentOfRun(id: number, history: HistoryStore, locale: string): string {
  const run = history.runs?.find((each) => each.id === id);
  return run ? momentOf(run.began, locale) : `#${id}`;
}

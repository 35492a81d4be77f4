/** What a person knows a kept study by. */
export interface KeptStudy {
  readonly id: string;
  readonly title: string;
  readonly input: string;
  readonly numAnswers: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

/** What the ids of studies begin with that are a suite's: it is opened by its file. */
export const suitePrefix = 'suite-';

/** Studies that are in no file. */
export function withoutFile(studies: readonly KeptStudy[]): KeptStudy[] {
  return studies.filter(({ id }) => !id.startsWith(suitePrefix));
}

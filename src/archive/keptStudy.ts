/** What a person knows a kept study by. */
export interface KeptStudy {
  readonly id: string;
  readonly title: string;
  readonly input: string;
  readonly numAnswers: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

/** The runs of a study: what is kept of each, and what can be asked about them. */

/** Who was asked in a run, and on what. */
export interface RunCircumstances {
  readonly models: readonly {
    readonly id: string;
    /** SHA-256 of the graph, and its file. */
    readonly hash?: string;
    readonly precision?: string;
    readonly runtime?: string;
    readonly provider: string;
  }[];
  /** Versions by name: the extension, the editor, Node, the system. */
  readonly versions: Readonly<Record<string, string>>;
}

/** One run: what was asked from one press of a button to its end. */
export interface RunRecord {
  readonly id: number;
  /** Runs of the same number asked the same study. */
  readonly definition: number;
  /** Milliseconds since 1970. */
  readonly began: number;
  /** When its last answer was recorded. */
  readonly ended: number;
  /** Asked here, or brought along by a file. */
  readonly origin: 'asked' | 'brought';
  readonly numAnswers: number;
  /** Of these, answers to test items. */
  readonly numTested: number;
  readonly circumstances?: RunCircumstances;
}

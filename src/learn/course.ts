import type { Deed } from './deeds';

/** A text that everyone reads in their own language. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/** What the button of a step does. */
export type StepAction =
  /** Shows the attention of a text, by a bundled model where one is named. */
  | { readonly kind: 'attention'; readonly text: Bilingual; readonly model?: string }
  /** Puts the text through an encoder and a decoder, and turns to a tab. */
  | { readonly kind: 'compare'; readonly text: Bilingual; readonly tab: string }
  /**
   * Runs a command, by its name in the code, on a text: all of it selected, or each line by itself. `write`: the
   * command changes the text or writes behind it, so it stands in a document of its own.
   */
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly text?: Bilingual;
      readonly select?: 'all' | 'lines' | 'end';
      readonly write?: boolean;
    }
  /** Runs a command on a bundled picture, or on the folder of them. */
  | { readonly kind: 'picture'; readonly command: string; readonly file?: string };

/** One thing to do, and what it teaches. */
export interface Step {
  readonly id: string;
  readonly title: Bilingual;
  /** What it is about, in a few sentences. */
  readonly text: Bilingual;
  /** What there is to see once it was done. */
  readonly look: Bilingual;
  readonly action: StepAction;
  /** Whether something that happened was this. */
  readonly isDoneBy: (deed: Deed) => boolean;
}

export interface Chapter {
  readonly id: string;
  readonly title: Bilingual;
  /** The paper behind it. */
  readonly source: string;
  readonly steps: readonly Step[];
}

/** The steps that a deed completes. */
export function stepsDoneBy(course: readonly Chapter[], deed: Deed): string[] {
  return course
    .flatMap(({ steps }) => steps)
    .filter((step) => step.isDoneBy(deed))
    .map(({ id }) => id);
}

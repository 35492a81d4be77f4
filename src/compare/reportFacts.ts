import type { Architecture } from '../protocol/architecture';
import {
  type Both,
  type Cloze,
  type CompareStates,
  type ComparedText,
  type ComparePart,
  type CompareValues,
  type Maybe,
  type Missing,
  type Reading,
  type Side,
  isMissing,
} from '../protocol/compare';
import type { ScalingCurve } from '../protocol/comparePage';
import type { Block } from '../report/document';
import { type ClozeSummary, clozeSummary } from './clozeSummary';
import type { Speech, WordKey } from './reportSpeech';

/** What a report is written from. */
export interface ReportInput {
  readonly compared: ComparedText;
  readonly parts: CompareStates;
  /** The reader's own words. */
  readonly notes: string;
  /** What identifies each model's graph. */
  readonly hashes: Both<string>;
  /** Precision, runtime, seed and so on, as they are called in the settings. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  readonly scaling: ScalingCurve | null;
  /** ISO date. */
  readonly date: string;
}

/** The input, opened up: what is there, and how it is spoken of. */
export interface ReportFacts {
  readonly input: ReportInput;
  readonly speech: Speech;
  readonly names: Both<string>;
  readonly architecture: Both<Architecture | null>;
  readonly reading: Reading | null;
  readonly cloze: Cloze | null;
  readonly summary: ClozeSummary | null;
}

export function reportFacts(input: ReportInput, speech: Speech): ReportFacts {
  const { left, right } = input.compared.models;
  const same = left.id === right.id;
  const architectures = valueOf(input.parts, 'architecture');
  const cloze = valueOf(input.parts, 'cloze');
  return {
    input,
    speech,
    names: {
      left: same ? speech.say('sideLeft', left.id) : left.id,
      right: same ? speech.say('sideRight', right.id) : right.id,
    },
    architecture: { left: found(architectures?.left), right: found(architectures?.right) },
    reading: valueOf(input.parts, 'reading'),
    cloze,
    summary: cloze && clozeSummary(cloze),
  };
}

/** What a part found; null unless it is done. */
export function valueOf<P extends ComparePart>(parts: CompareStates, part: P): CompareValues[P] | null {
  const state = parts[part] as CompareStates[P] | undefined;
  return state?.state === 'done' ? (state.value as CompareValues[P]) : null;
}

export function found<T>(value: Maybe<T> | null | undefined): T | null {
  return value === null || value === undefined || isMissing(value) ? null : value;
}

export function text(sentence: string): Block {
  return { kind: 'text', text: sentence };
}

/** Why a part has no value, as a paragraph. */
export function notMeasured({ input, speech }: ReportFacts, part: ComparePart): Block {
  const state = input.parts[part];
  return text(state?.state === 'failed' ? speech.say('partFailed', state.message) : speech.say('notDone'));
}

const missingWords: Readonly<Record<Missing['missing'], WordKey>> = {
  notMasked: 'missingNotMasked',
  notCausal: 'missingNotCausal',
  noHead: 'missingNoHead',
  oneSentence: 'missingOneSentence',
  noWords: 'missingNoWords',
  noModel: 'missingNoModel',
  failed: 'missingFailed',
};

/** Why something is missing, of a model or of a task with a name. */
export function missingSentence(
  { speech }: Pick<ReportFacts, 'speech'>,
  name: string,
  missing: Missing,
): string {
  const why = speech.say(missingWords[missing.missing], missing.detail ?? '');
  return speech.say('missing', name, why);
}

/** One sentence for each side that is missing. */
export function missingSides(facts: ReportFacts, both: Both<Maybe<unknown>>): Block[] {
  return (['left', 'right'] as const).flatMap((side) => {
    const value = both[side];
    return isMissing(value) ? [text(missingSentence(facts, facts.names[side], value))] : [];
  });
}

export function other(side: Side): Side {
  return side === 'left' ? 'right' : 'left';
}

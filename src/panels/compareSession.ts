import { coveredBy } from '../compare/coveredText';
import { firstQuestion, measureChat } from '../compare/measureChat';
import { measureBlank } from '../compare/measureBlank';
import { measureCloze } from '../compare/measureCloze';
import { maskText, measurePretraining } from '../compare/measurePretraining';
import { measureReading } from '../compare/measureReading';
import { measureReplaced } from '../compare/measureReplaced';
import { measureSentences } from '../compare/measureSentences';
import { measureUses } from '../compare/measureUses';
import { type Measuring, attempt, compareOwner } from '../compare/measuring';
import { firstBlank, languageOf } from '../compare/sharedWords';
import type { SelectedText } from '../host/selectedText';
import {
  type Both,
  type ComparePart,
  type CompareStates,
  type CompareValues,
  type Maybe,
  type PartState,
  type Pretraining,
  type SharedWord,
  compareParts,
  isMissing,
  sides,
} from '../protocol/compare';
import { type ErrorData, type ScopeError, isScopeError, toScopeError } from '../protocol/errors';
import { type CancellationToken, CancellationTokenSource, type RequestType } from '../protocol/jsonrpc';
import type { ModelSource } from '../protocol/model';
import type { Architecture } from '../protocol/architecture';
import type { AttentionRun, HeadRequest, HeadWeights } from '../protocol/attention';
import { DescribeModel } from '../protocol/measures';
import { Head } from '../protocol/worker';
import type { InferenceClient } from '../worker/client';
import { waiting } from './compareStates';

export interface CompareServices {
  readonly client: InferenceClient;
  readonly bundled: Measuring['bundled'];
  sentiment: Measuring['sentiment'];
  describe(error: ScopeError): string;
  log(message: string): void;
  changed(parts: Partial<CompareStates>): void;
  streamed(what: 'base' | 'tuned' | 'continued', text: string): void;
}

/** What is compared. */
export interface CompareRequest {
  readonly text: SelectedText;
  readonly models: Both<ModelSource>;
  /** Models that have a column of their own in the table of architectures. */
  readonly others: readonly ModelSource[];
}

/** What the reader has asked for beyond the first measurement. */
export interface AskedAgain {
  /** The word that was asked for. */
  readonly blank?: number;
  /** Of the masked example. */
  readonly seed: number;
  /** Of the words that were replaced; absent in what was kept by an older version. */
  readonly replaceSeed?: number;
  /** Put to the base and the tuned model. */
  readonly question?: string;
}
const firstSeed = 1;

/** One comparison: what is measured, one part after the other, and what came of it. */
export class CompareSession {
  private states: CompareStates = waiting;
  private asked: CompareRequest | undefined;
  private running: CancellationTokenSource | undefined;
  private queue: ComparePart[] = [];
  private blank: number | undefined;
  private seed = firstSeed;
  private replaceSeed = firstSeed;
  /** The one training task that is to be done anew while the others stay. */
  private redone: 'masked' | 'replaced' | undefined;
  private question: string | undefined;
  private readingAgain: Promise<void> | undefined;

  constructor(private readonly services: CompareServices) {}

  get parts(): CompareStates {
    return this.states;
  }

  get request(): CompareRequest | undefined {
    return this.asked;
  }

  /** Of the masked example on show. */
  get maskingSeed(): number {
    return this.seed;
  }

  /** Of the replaced words on show. */
  get replacingSeed(): number {
    return this.replaceSeed;
  }

  /** What {@link compare} is given to show the same again. */
  get askedAgain(): AskedAgain {
    const { blank, seed, replaceSeed, question } = this;
    return {
      seed,
      replaceSeed,
      ...(blank === undefined ? {} : { blank }),
      ...(question === undefined ? {} : { question }),
    };
  }

  get busy(): boolean {
    return this.running !== undefined;
  }

  /** Measures everything of a text, as it was asked for before; what was being measured gives way. */
  async compare(request: CompareRequest, again?: AskedAgain): Promise<void> {
    const sameText = request.text.text === this.asked?.text.text;
    this.asked = request;
    if (!sameText) {
      this.blank = undefined;
      this.question = undefined;
    }
    this.seed = again?.seed ?? firstSeed;
    this.replaceSeed = again?.replaceSeed ?? firstSeed;
    this.redone = undefined;
    if (again) {
      this.blank = again.blank;
      this.question = again.question;
    }
    this.states = waiting;
    this.services.changed(waiting);
    await this.measure(compareParts);
  }

  /** Measures one part again. The others need the reading, so without it everything is measured. */
  async again(part: ComparePart): Promise<void> {
    if (part === 'reading' || this.states.reading.state !== 'done') {
      return this.measure(compareParts);
    }
    return this.measure([part]);
  }

  /** One head of a text that was read. What has left memory with its process is read again. */
  async head(request: HeadRequest): Promise<HeadWeights> {
    const { client } = this.services;
    const side = sides.find((each) => this.runOf(each)?.runId === request.runId);
    try {
      return await client.request(Head, request);
    } catch (error) {
      if (side === undefined || !isScopeError(error, 'runExpired')) {
        throw error;
      }
      this.readingAgain ??= this.measure(['reading']).finally(() => {
        this.readingAgain = undefined;
      });
      await this.readingAgain;
      const run = this.runOf(side);
      if (!run) {
        throw error;
      }
      return client.request(Head, { ...request, runId: run.runId });
    }
  }

  /** Asks for another word. */
  async askBlank(word: number): Promise<void> {
    this.blank = word;
    await this.measure(['blank']);
  }

  /** Masks the text with the next seed; the other tasks of that part stay as they were. */
  async maskAgain(): Promise<void> {
    if (this.states.pretraining.state === 'done') {
      this.seed++;
      this.redone = 'masked';
      await this.measure(['pretraining']);
    }
  }

  /** Replaces other words, with the next seed; the other tasks of that part stay as they were. */
  async replaceAgain(): Promise<void> {
    if (this.states.pretraining.state === 'done') {
      this.replaceSeed++;
      this.redone = 'replaced';
      await this.measure(['pretraining']);
    }
  }

  async askChat(prompt: string): Promise<void> {
    this.question = prompt;
    await this.measure(['chat']);
  }

  /** Describes the columns anew; nothing else depends on them. */
  async setOthers(others: readonly ModelSource[]): Promise<void> {
    if (this.asked) {
      this.asked = { ...this.asked, others };
      await this.measure(['architecture']);
    }
  }

  private runOf(side: (typeof sides)[number]): AttentionRun | undefined {
    const { reading } = this.states;
    const run = reading.state === 'done' ? reading.value[side] : undefined;
    return run && !isMissing(run) ? run : undefined;
  }

  /** Stops what is being measured. What is finished stays. */
  stop(): void {
    this.queue = [];
    this.running?.cancel();
  }

  dispose(): void {
    this.stop();
    sides.forEach((side) => {
      this.services.client.release(`${compareOwner} ${side}`);
    });
  }

  /** Puts parts into the queue; a part that is being measured with an older question is stopped. */
  private async measure(parts: readonly ComparePart[]): Promise<void> {
    const before = this.running;
    const rest = this.queue.filter((part) => !parts.includes(part));
    const interrupted = compareParts.filter((part) => this.states[part].state === 'running');
    before?.cancel();
    const source = new CancellationTokenSource();
    this.running = source;
    // What was interrupted is not lost: it follows.
    this.queue = [...parts, ...[...interrupted, ...rest].filter((part) => !parts.includes(part))];
    try {
      for (let part = this.queue.shift(); part; part = this.queue.shift()) {
        await this.one(part, source);
        if (this.running !== source) {
          return;
        }
      }
    } finally {
      source.dispose();
      if (this.running === source) {
        this.running = undefined;
        this.services.changed({});
      }
    }
  }

  private async one(part: ComparePart, source: CancellationTokenSource): Promise<void> {
    const { asked } = this;
    if (!asked) {
      return;
    }
    const previous = this.states[part];
    const set = (state: PartState<CompareValues[ComparePart]>): void => {
      if (this.running === source) {
        this.states = { ...this.states, [part]: state };
        this.services.changed({ [part]: state } as Partial<CompareStates>);
      }
    };
    set({ state: 'running' });
    const started = performance.now();
    try {
      const value = await this.value(part, asked, previous, source.token);
      set({ state: 'done', value, milliseconds: performance.now() - started });
    } catch (error) {
      if (isScopeError(error, 'cancelled')) {
        set(previous.state === 'done' ? previous : { state: 'waiting' });
        return;
      }
      this.services.log(`${part}: ${String(error)}`);
      set({
        state: 'failed',
        message: this.services.describe(toScopeError(error)),
      });
    }
  }

  private async value(
    part: ComparePart,
    asked: CompareRequest,
    previous: PartState<CompareValues[ComparePart]>,
    token: CancellationToken,
  ): Promise<CompareValues[ComparePart]> {
    const measuring = this.measuring(asked, token);
    const { streamed } = this.services;
    if (part === 'reading') {
      return measureReading(measuring, asked.text.text, asked.text.wasCut);
    }
    if (part === 'architecture') {
      return this.architectures(measuring, asked);
    }
    if (part === 'chat') {
      const prompt = this.question ?? firstQuestion[languageOf(asked.text.text)];
      return measureChat(measuring, prompt, streamed);
    }
    const { words, text } = this.read(asked);
    switch (part) {
      case 'blank':
        return measureBlank(measuring, text, words, this.blank ?? firstBlank(text, words) ?? -1);
      case 'cloze':
        return measureCloze(measuring, text, words);
      case 'pretraining':
        return this.pretraining(measuring, { text, words }, previous as PartState<Pretraining>);
      case 'sentences':
        return measureSentences(measuring, text);
      case 'uses':
        return measureUses(measuring, text, (written) => {
          streamed('continued', written);
        });
    }
  }

  private async pretraining(
    measuring: Measuring,
    { text, words }: { readonly text: string; readonly words: readonly SharedWord[] },
    previous: PartState<Pretraining>,
  ): Promise<Pretraining> {
    const { redone, seed, replaceSeed } = this;
    this.redone = undefined;
    // What was interrupted has no values to stand beside.
    if (previous.state !== 'done' || !redone) {
      return measurePretraining(measuring, text, words, { masked: seed, replaced: replaceSeed });
    }
    return redone === 'masked'
      ? { ...previous.value, masked: await maskText(measuring, text, seed) }
      : { ...previous.value, replaced: await measureReplaced(measuring, text, words, replaceSeed) };
  }

  private async architectures(
    measuring: Measuring,
    { models, others }: CompareRequest,
  ): Promise<CompareValues['architecture']> {
    const describe = async (model: ModelSource): Promise<Maybe<Architecture>> => {
      const found = await attempt(measuring, 'failed', () =>
        measuring.ask(DescribeModel, { model, owner: compareOwner }),
      );
      return isMissing(found) ? { ...found, model: model.id } : found;
    };
    const columns: Maybe<Architecture>[] = [];
    for (const model of others) {
      columns.push(await describe(model));
    }
    return {
      left: await describe(models.left),
      right: await describe(models.right),
      others: columns,
    };
  }

  /** The part of the text that both models read, and its words. */
  private read({ text }: CompareRequest): Pick<CompareValues['reading'], 'words'> & {
    text: string;
  } {
    const { reading } = this.states;
    if (reading.state !== 'done') {
      return { text: text.text, words: [] };
    }
    const { value } = reading;
    const tokens = sides.map((side) => {
      const run = value[side];
      return isMissing(run) ? [] : run.tokens;
    });
    return {
      text: text.text.slice(0, coveredBy(text.text, tokens)),
      words: value.words,
    };
  }

  private measuring({ models }: CompareRequest, token: CancellationToken): Measuring {
    const { client, bundled, sentiment, describe } = this.services;
    return {
      models,
      bundled,
      sentiment,
      describe,
      ask: <P, R>(type: RequestType<P, R, ErrorData>, params: P) => client.request(type, params, token),
      generate: (params, onText) => {
        let text = '';
        return client.generate(
          params,
          (generated) => {
            text += generated.text;
            onText(text);
          },
          token,
        );
      },
    };
  }
}

import type { AnalysedPlace } from '../host/analysedPlace';
import type { SelectedText } from '../host/selectedText';
import type { HeadRequest, HeadTable, HeadWeights } from '../protocol/attention';
import type { AttentionState, AttentionView, LayersAtToken } from '../protocol/attentionPage';
import { type ErrorData, ScopeError, isScopeError, toScopeError } from '../protocol/errors';
import { CancellationTokenSource, type RequestType } from '../protocol/jsonrpc';
import { LogitLens, type SamplingOptions, type TokenPrediction } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import { Head, type Phase, PredictAtToken, TestInduction } from '../protocol/worker';
import type { InferenceClient } from '../worker/client';

/** What a session needs from its surroundings. */
export interface SessionServices {
  readonly client: InferenceClient;
  currentModel(): ModelSource;
  /** The failed state for an error, in the reader's language. */
  failed(error: ScopeError): AttentionState;
  log(message: string): void;
  changed(state: AttentionState): void;
}

/** Answers that each layer lists. */
const answersPerLayer = 3;

/** One panel's analysis: the text asked for, the run in progress and what came of it. */
export class AttentionSession {
  private state: AttentionState = { kind: 'empty' };
  private asked: SelectedText | undefined;
  /** Another model than the chosen one, for a text that belongs to it. */
  private model: ModelSource | undefined;
  private running: CancellationTokenSource | undefined;
  private shown: AttentionView | undefined;
  private shownText: SelectedText | undefined;

  constructor(
    /** Names this session to the inference process. */
    readonly owner: string,
    private readonly services: SessionServices,
  ) {}

  get current(): AttentionState {
    return this.state;
  }

  get lastText(): SelectedText | undefined {
    return this.asked;
  }

  /** The run on show and where its text stands. */
  get place(): AnalysedPlace | undefined {
    const { shown, shownText } = this;
    return shown && shownText ? { runId: shown.runId, source: shownText, tokens: shown.tokens } : undefined;
  }

  /** Analyses `text`; a run in progress gives way. Failures end in the state, never in a rejection. */
  async analyse(text: SelectedText, model?: ModelSource): Promise<void> {
    this.asked = text;
    this.model = model;
    this.running?.cancel();
    const source = new CancellationTokenSource();
    this.running = source;
    this.set({ kind: 'busy', phase: 'running' });
    try {
      const run = await this.services.client.attend(
        {
          model: this.modelInUse(),
          text: text.text,
          ...(text.pair ? { pair: text.pair } : {}),
          owner: this.owner,
          textWasCut: text.wasCut,
        },
        source.token,
      );
      if (this.running === source) {
        this.shownText = text;
        this.shown = {
          ...run,
          ...textsOf(text, run.covered.end),
          source: describeSource(text, run.covered.end),
        };
        this.set({ kind: 'ready', view: this.shown });
      }
    } catch (error) {
      if (this.running === source) {
        this.fail(error);
      }
    } finally {
      if (this.running === source) {
        this.running = undefined;
      }
      source.dispose();
    }
  }

  /** Tells a failure that came before any run, such as an empty selection. */
  fail(error: unknown): void {
    const failure = toScopeError(error);
    if (failure.code === 'cancelled') {
      this.set(this.shown ? { kind: 'ready', view: this.shown } : { kind: 'empty' });
      return;
    }
    this.services.log(
      `${failure.message}\n${failure.cause instanceof Error ? failure.cause.stack : failure.stack}`,
    );
    this.set(this.services.failed(failure));
  }

  async retry(): Promise<void> {
    if (this.asked) {
      await this.analyse(this.asked, this.model);
    }
  }

  /** The same text by the model that the person has chosen now. */
  async retryWithChosenModel(): Promise<void> {
    this.model = undefined;
    await this.retry();
  }

  modelInUse(): ModelSource {
    return this.model ?? this.services.currentModel();
  }

  /** Forgets what was shown, and frees its weights. */
  clear(): void {
    this.shown = this.shownText = this.asked = undefined;
    this.services.client.release(this.owner);
    this.set({ kind: 'empty' });
  }

  cancel(): void {
    this.running?.cancel();
  }

  setPhase(phase: Phase): void {
    if (this.state.kind === 'busy') {
      this.set({ kind: 'busy', phase });
    }
  }

  /** One head's weights. A result that was unloaded meanwhile is computed again. */
  head(request: HeadRequest): Promise<HeadWeights> {
    return this.ofRun(Head, request);
  }

  /** Anything that is asked of a run in memory. */
  async ofRun<P extends { readonly runId: number }, R>(
    type: RequestType<P, R, ErrorData>,
    request: P,
  ): Promise<R> {
    if (this.services.client.processId === undefined) {
      return this.mend(request.runId, new ScopeError('runExpired'));
    }
    try {
      return await this.services.client.request(type, request);
    } catch (error) {
      return this.mend(request.runId, error);
    }
  }

  /** The run on show; of an encoder-decoder one per stack. */
  runsOnShow(): readonly number[] {
    const { shown } = this;
    return shown ? (shown.stacks?.map((stack) => stack.runId) ?? [shown.runId]) : [];
  }

  /** Whether a run is the one on show, or one of its stacks. */
  shows(runId: number): boolean {
    return this.runsOnShow().includes(runId);
  }

  /** The weights of a stack, `[queries, keys]`, among all tokens of the run on show; others attend to nothing. */
  amongAllTokens(runId: number, weights: Float32Array): Float32Array {
    const stack = this.shown?.stacks?.find((each) => each.runId === runId);
    const n = this.shown?.tokens.length ?? 0;
    const border = this.shown?.secondFrom ?? n;
    if (!stack) {
      return weights;
    }
    const all = new Float32Array(n * n);
    const firstQuery = stack.name === 'encoder' ? 0 : border;
    const firstKey = stack.name === 'decoder' ? border : 0;
    const numKeys = stack.name === 'decoder' ? n - border : border;
    weights.forEach((weight, index) => {
      const query = firstQuery + Math.floor(index / numKeys);
      all[query * n + firstKey + (index % numKeys)] = weight;
    });
    return all;
  }

  /** Every head of the run on show. */
  allHeads(): { layer: number; head: number }[] {
    const { numLayers = 0, numHeads = 0 } = this.shown?.model ?? {};
    return Array.from({ length: numLayers * numHeads }, (_, index) => ({
      layer: Math.floor(index / numHeads),
      head: index % numHeads,
    }));
  }

  /** What the model on show expects at a token. */
  predict(runId: number, position: number, sampling: SamplingOptions): Promise<TokenPrediction> {
    return this.ofRun(PredictAtToken, {
      model: this.modelInUse(),
      owner: this.owner,
      runId,
      position,
      sampling,
    });
  }

  /** What every layer of the model on show would answer at a token: the logit lens. */
  async layersAt(runId: number, position: number): Promise<LayersAtToken> {
    const { shown, shownText } = this;
    if (!shown || !shownText || !this.shows(runId)) {
      throw new ScopeError('runExpired');
    }
    try {
      const { tokens, ...reading } = await this.services.client.request(LogitLens, {
        model: this.modelInUse(),
        owner: this.owner,
        text: shownText.text,
        position,
        topK: answersPerLayer,
      });
      // The lens reads the text anew, as one text; the position must name the same token there.
      if (tokens.map(({ id }) => id).join() !== shown.tokens.map(({ id }) => id).join()) {
        throw new ScopeError('modelUnsupported', 'its layers read other tokens than its attention shows');
      }
      return reading;
    } catch (error) {
      return this.mend(runId, error);
    }
  }

  /** Which heads of the model on show continue what came before. */
  async testInduction(): Promise<HeadTable> {
    const copyLength = 50;
    return this.services.client.request(TestInduction, {
      model: this.modelInUse(),
      owner: this.owner,
      copyLength,
      seed: 1,
    });
  }

  private mend(runId: number, error: unknown): never {
    // Only a picture that is on show is mended; a failure that is told waits for the person.
    const onShow = this.state.kind === 'ready' && this.shows(runId);
    if (onShow && isScopeError(error, 'runExpired')) {
      void this.retry();
    } else if (onShow && isScopeError(error, 'workerDied')) {
      this.fail(error);
    }
    throw error;
  }

  dispose(): void {
    this.running?.cancel();
    this.services.client.release(this.owner);
  }

  private set(state: AttentionState): void {
    this.state = state;
    this.services.changed(state);
  }
}

/** The texts as the page shows them. */
function textsOf({ text, pair }: SelectedText, end: number): Pick<AttentionView, 'text' | 'second'> {
  return pair
    ? { text: text.slice(0, pair.firstEnd), second: text.slice(pair.secondStart) }
    : { text: text.slice(0, end) };
}

/** Lines of the kept part, counted in the text itself: the document may have changed since. */
function describeSource(text: SelectedText, keptEnd: number): AttentionView['source'] {
  // Between the texts of a pair there may be lines that nobody selected.
  if (text.pair) {
    const { name, startLine, endLine } = text;
    return { name, startLine, endLine, keptEndLine: endLine };
  }
  const lineBreaks = text.text.slice(0, keptEnd).match(/\r\n|\r|\n/g)?.length ?? 0;
  return {
    name: text.name,
    startLine: text.startLine,
    endLine: text.endLine,
    keptEndLine: Math.min(text.endLine, text.startLine + lineBreaks),
  };
}

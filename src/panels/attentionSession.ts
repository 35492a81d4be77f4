import type { AnalysedPlace } from '../host/analysedPlace';
import { type PictureFile, type SelectedPicture, type Subject, isPicture } from '../host/subject';
import type { SelectedText } from '../host/selectedText';
import type { HeadRequest, HeadTable, HeadWeights } from '../protocol/attention';
import type { AttentionState, AttentionView, LayersAtToken } from '../protocol/attentionPage';
import type { EffectsOpening } from '../protocol/effectsPage';
import { type ErrorData, ScopeError, isScopeError, toScopeError } from '../protocol/errors';
import { type CancellationToken, CancellationTokenSource, type RequestType } from '../protocol/jsonrpc';
import { LogitLens, type SamplingOptions, type TokenPrediction } from '../protocol/language';
import type { LayerSteps, LayerStepsRequest } from '../protocol/layerSteps';
import type { ModelSource } from '../protocol/model';
import type { ToModel } from '../protocol/modelRequest';
import type { ExplainRequest, ExplainedWeight } from '../protocol/oneNumber';
import type { Positions, PositionsRequest } from '../protocol/positions';
import {
  Explain,
  ExplainLayer,
  ExplainPositions,
  Head,
  type Phase,
  PredictAtToken,
  TestInduction,
} from '../protocol/worker';
import type { InferenceClient } from '../worker/client';
import { factsOfPicture, factsOfText } from './viewSource';

/** What a session needs from its surroundings. */
export interface SessionServices {
  readonly client: InferenceClient;
  /** The model that the person has chosen for this kind of subject. */
  currentModel(reads: 'text' | 'picture'): ModelSource;
  /** The failed state for an error, in the reader's language. */
  failed(error: ScopeError): AttentionState;
  log(message: string): void;
  changed(state: AttentionState): void;
  /** A run is on show. */
  analysed?(subject: Subject, model: ModelSource): void;
}

/** How a run is opened that has been looked at before, or is asked for from elsewhere. */
export interface Opening {
  readonly layer?: number;
  /** What the page told of where the reader was. */
  readonly look?: unknown;
  /** What the effects of its parts are measured on. */
  readonly effects?: EffectsOpening;
}

/** Answers that each layer lists. */
const answersPerLayer = 3;

/** One panel's analysis: the text or picture asked for, the run in progress and what came of it. */
export class AttentionSession {
  private state: AttentionState = { kind: 'empty' };
  private asked: Subject | undefined;
  /** Another model than the chosen one, for a text that belongs to it. */
  private model: ModelSource | undefined;
  private running: CancellationTokenSource | undefined;
  private shown: AttentionView | undefined;
  private shownSubject: Subject | undefined;
  private shownFile: PictureFile | undefined;

  constructor(
    /** Names this session to the inference process. */
    readonly owner: string,
    private readonly services: SessionServices,
  ) {}

  get current(): AttentionState {
    return this.state;
  }

  get lastSubject(): Subject | undefined {
    return this.asked;
  }

  /** The run on show and where its text stands; a picture stands nowhere. */
  get place(): AnalysedPlace | undefined {
    const { shown, shownSubject: source } = this;
    return shown && source && !isPicture(source)
      ? { runId: shown.runId, source, tokens: shown.tokens }
      : undefined;
  }

  /** The run on show. */
  get view(): AttentionView | undefined {
    return this.shown;
  }

  /** Analyses a text or a picture; a run in progress gives way. Failures end in the state, never in a rejection. */
  async analyse(
    subject: Subject,
    model?: ModelSource,
    { layer, look, effects }: Opening = {},
  ): Promise<void> {
    this.asked = subject;
    this.model = model;
    this.running?.cancel();
    const source = new CancellationTokenSource();
    this.running = source;
    this.set({ kind: 'busy', phase: 'running' });
    try {
      const { view, file } = isPicture(subject)
        ? await this.lookAt(subject, source.token)
        : { view: await this.read(subject, source.token), file: undefined };
      if (this.running === source) {
        this.shownSubject = subject;
        this.shownFile = file;
        this.shown = {
          ...view,
          ...(layer === undefined ? {} : { openLayer: layer }),
          ...(look === undefined ? {} : { openLook: look }),
          ...(effects === undefined ? {} : { openEffects: effects }),
        };
        this.set({ kind: 'ready', view: this.shown });
        this.services.analysed?.(subject, this.modelInUse());
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

  private async read(text: SelectedText, token: CancellationToken): Promise<AttentionView> {
    const run = await this.services.client.attend(
      {
        model: this.modelInUse(),
        text: text.text,
        ...(text.pair ? { pair: text.pair } : {}),
        owner: this.owner,
        textWasCut: text.wasCut,
      },
      token,
    );
    return { ...run, ...factsOfText(text, run.covered.end) };
  }

  private async lookAt(
    picture: SelectedPicture,
    token: CancellationToken,
  ): Promise<{ view: AttentionView; file: PictureFile }> {
    const model = this.modelInUse();
    const file = await picture.read();
    if (token.isCancellationRequested) {
      throw new ScopeError('cancelled');
    }
    const { owner } = this;
    const run = await this.services.client.attendPicture({ model, picture: file.readable, owner }, token);
    return { view: { ...run, ...factsOfPicture(picture) }, file };
  }

  /** The file of the picture on show. @throws {ScopeError} `runExpired` */
  pictureOf(runId: number): { readonly type: string; readonly bytes: ArrayBuffer } {
    const { shownFile } = this;
    if (!shownFile || !this.shows(runId)) {
      throw new ScopeError('runExpired');
    }
    return { type: shownFile.type, bytes: shownFile.bytes.slice().buffer };
  }

  /** The page has opened the run as it was asked to: one that is loaded again goes by what it keeps itself. */
  opened(runId: number): void {
    if (this.state.kind === 'ready' && this.shown && this.shows(runId)) {
      const view: { -readonly [K in keyof AttentionView]: AttentionView[K] } = { ...this.shown };
      delete view.openLayer;
      delete view.openLook;
      delete view.openEffects;
      this.shown = view;
      this.state = { kind: 'ready', view };
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

  /** The same by the model that the person has chosen now. */
  async retryWithChosenModel(): Promise<void> {
    this.model = undefined;
    await this.retry();
  }

  modelInUse(): ModelSource {
    const reads = this.asked && isPicture(this.asked) ? 'picture' : 'text';
    return this.model ?? this.services.currentModel(reads);
  }

  /** Forgets what was shown, and frees its weights. */
  clear(): void {
    this.shown = this.shownSubject = this.shownFile = this.asked = undefined;
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
    if (!this.services.client.isRunning) {
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

  /** How one weight of the run on show comes about. */
  explain(request: ExplainRequest): Promise<ExplainedWeight> {
    return this.ofRun(Explain, { ...request, model: this.modelInUse(), owner: this.owner });
  }

  /** Anything of `protocol/effects` about a place of the run on show; it is told how much is done. */
  async effect<P extends { readonly runId: number }, R>(
    type: RequestType<P & ToModel, R, ErrorData>,
    params: P,
    onProgress: (done: number, total: number) => void,
    token: CancellationToken,
  ): Promise<R> {
    if (!this.shows(params.runId) || !this.services.client.isRunning) {
      return this.mend(params.runId, new ScopeError('runExpired'));
    }
    try {
      return await this.ofModel(type, params, onProgress, token);
    } catch (error) {
      return this.mend(params.runId, error);
    }
  }

  /** Asks the model on show something that takes a while. */
  ofModel<P, R>(
    type: RequestType<P & ToModel, R, ErrorData>,
    params: P,
    onProgress: (done: number, total: number) => void,
    token: CancellationToken,
  ): Promise<R> {
    const { owner } = this;
    const model = this.modelInUse();
    return this.services.client.followed(type, { ...params, model, owner }, onProgress, token);
  }

  /** What a layer of the model on show makes of a token. */
  layerSteps(request: LayerStepsRequest): Promise<LayerSteps> {
    return this.ofRun(ExplainLayer, { ...request, model: this.modelInUse(), owner: this.owner });
  }

  /** How the model on show knows positions. */
  positions(request: PositionsRequest): Promise<Positions> {
    return this.ofRun(ExplainPositions, { ...request, model: this.modelInUse(), owner: this.owner });
  }

  /** What every layer of the model on show would answer at a token: the logit lens. */
  async layersAt(runId: number, position: number): Promise<LayersAtToken> {
    const { shown, place } = this;
    if (!shown || !place || !this.shows(runId)) {
      throw new ScopeError('runExpired');
    }
    try {
      const { tokens, ...reading } = await this.services.client.request(LogitLens, {
        model: this.modelInUse(),
        owner: this.owner,
        text: place.source.text,
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

import { graphNames } from '../protocol/graphNames';
import { AttentionModel } from '../inference/attentionModel';
import { ClipModel } from '../inference/clipModel';
import { EditableModel } from '../inference/editableModel';
import { HiddenModel } from '../inference/hiddenModel';
import { LanguageModel } from '../inference/languageModel';
import { LensModel } from '../inference/lensModel';
import { type Loaded, MemoryBudget, ModelCache } from '../inference/modelCache';
import { OperandModel } from '../inference/operandModel';
import { graphFileSize } from '../inference/modelFolder';
import { Seq2SeqModel } from '../inference/seq2seqModel';
import { seq2seqFiles } from '../inference/seq2seqFiles';
import { graphSizes } from '../inference/seq2seqGraphs';
import { SpeechModel } from '../inference/speechModel';
import { TextReader } from '../inference/textReader';
import { VisionModel } from '../inference/visionModel';
import type { RuntimeKind } from '../inference/runtime';
import type { LoadedModel } from '../protocol/loadedModels';
import type { ModelSource, Precision } from '../protocol/model';
import type { Phase } from '../protocol/worker';

export interface ModelOptions {
  readonly numThreads: number;
  /** Graph bytes of the models that stay loaded. A session takes two to three times as much memory. */
  readonly maxBytes: number;
  readonly precision: Precision;
}

/** The models of this process: tapped ones to look into and plain ones to use, in one memory budget. */
export class WorkerModels {
  private readonly attention: ModelCache<AttentionModel>;
  private readonly language: ModelCache<LanguageModel>;
  private readonly hidden: ModelCache<HiddenModel>;
  private readonly lens: ModelCache<LensModel>;
  private readonly operands: ModelCache<OperandModel>;
  private readonly editable: ModelCache<EditableModel>;
  /** Of encoder-decoders the decoders; their encoders are among the others. */
  private readonly decoderOperands: ModelCache<OperandModel>;
  private readonly vision: ModelCache<VisionModel>;
  private readonly clip: ModelCache<ClipModel>;
  private readonly seq2seq: ModelCache<Seq2SeqModel>;
  private readonly speech: ModelCache<SpeechModel>;
  private readonly readers: ModelCache<TextReader>;
  private readonly graphNames: readonly string[];
  private readonly budget: MemoryBudget;
  private changed: () => void = () => undefined;

  constructor(
    private readonly runtime: Promise<RuntimeKind>,
    private readonly options: ModelOptions,
    private readonly onPhase: (owner: string, phase: Phase) => void,
  ) {
    const budget = new MemoryBudget(options.maxBytes, () => this.changed());
    this.budget = budget;
    this.attention = new ModelCache(budget);
    this.language = new ModelCache(budget);
    this.hidden = new ModelCache(budget);
    this.lens = new ModelCache(budget);
    this.operands = new ModelCache(budget);
    this.editable = new ModelCache(budget);
    this.decoderOperands = new ModelCache(budget);
    this.vision = new ModelCache(budget);
    this.clip = new ModelCache(budget);
    this.seq2seq = new ModelCache(budget);
    this.speech = new ModelCache(budget);
    this.readers = new ModelCache(budget);
    this.graphNames = graphNames(options.precision);
  }

  /** Which weights are taken where a folder has several. */
  get precision(): Precision {
    return this.options.precision;
  }

  /** What is loaded, by folder. */
  loaded(): LoadedModel[] {
    const bytes = new Map<string, number>();
    for (const each of this.budget.loaded) {
      bytes.set(each.folder, (bytes.get(each.folder) ?? 0) + each.bytes);
    }
    return [...bytes].map(([folder, sum]) => ({ folder, bytes: sum }));
  }

  /** Releases every session of a folder. Not while one of them runs: the job queue sees to that. */
  unload(folder: string): Promise<void> {
    return this.budget.drop(folder);
  }

  /** Who is told when a model was loaded or released. */
  onChange(listener: () => void): void {
    this.changed = listener;
  }

  /** What computes, for those who are told. */
  async computing(): Promise<{ readonly runtime: RuntimeKind; readonly numThreads: number }> {
    return { runtime: await this.runtime, numThreads: this.options.numThreads };
  }

  attentionModel(source: ModelSource, owner: string): Promise<AttentionModel> {
    return this.obtain(this.attention, source, owner, (runtime) =>
      AttentionModel.load(source, runtime, this.options.numThreads, this.graphNames),
    );
  }

  languageModel(source: ModelSource, owner: string): Promise<LanguageModel> {
    return this.obtain(this.language, source, owner, () =>
      LanguageModel.load(source.folder, this.graphNames),
    );
  }

  hiddenModel(source: ModelSource, owner: string): Promise<HiddenModel> {
    return this.obtain(this.hidden, source, owner, () => HiddenModel.load(source.folder, this.graphNames));
  }

  lensModel(source: ModelSource, owner: string): Promise<LensModel> {
    return this.obtain(this.lens, source, owner, () => LensModel.load(source.folder, this.graphNames));
  }

  /** The graph files of a model, or of one half of an encoder-decoder, best first. */
  namesOf(stack: 'encoder' | 'decoder' | undefined): readonly string[] {
    return stack ? seq2seqFiles(this.options.precision)[stack] : this.graphNames;
  }

  /** @param stack which graph of an encoder-decoder */
  operandModel(source: ModelSource, owner: string, stack?: 'encoder' | 'decoder'): Promise<OperandModel> {
    const names = this.namesOf(stack);
    return this.obtain(
      stack === 'decoder' ? this.decoderOperands : this.operands,
      source,
      owner,
      () => OperandModel.load(source.folder, names),
      (folder) => graphFileSize(folder, names),
    );
  }

  editableModel(source: ModelSource, owner: string): Promise<EditableModel> {
    const load = (): Promise<EditableModel> => EditableModel.load(source.folder, this.graphNames);
    return this.obtain(this.editable, source, owner, load);
  }

  visionModel(source: ModelSource, owner: string): Promise<VisionModel> {
    return this.obtain(this.vision, source, owner, () => VisionModel.load(source.folder, this.graphNames));
  }

  clipModel(source: ModelSource, owner: string): Promise<ClipModel> {
    const load = (): Promise<ClipModel> => ClipModel.load(source.folder, this.graphNames);
    return this.obtain(this.clip, source, owner, load, ClipModel.sizeOf);
  }

  seq2seqModel(source: ModelSource, owner: string): Promise<Seq2SeqModel> {
    const { precision } = this.options;
    return this.obtain(
      this.seq2seq,
      source,
      owner,
      () => Seq2SeqModel.load(source.folder, precision),
      () => graphSizes(source.folder, precision),
    );
  }

  speechModel(source: ModelSource, owner: string): Promise<SpeechModel> {
    const { precision } = this.options;
    return this.obtain(
      this.speech,
      source,
      owner,
      () => SpeechModel.load(source.folder, precision),
      () => graphSizes(source.folder, precision),
    );
  }

  textReader(source: ModelSource, owner: string): Promise<TextReader> {
    const load = (): Promise<TextReader> => TextReader.load(source.folder);
    return this.obtain(this.readers, source, owner, load, TextReader.sizeOf);
  }

  private obtain<M extends Loaded>(
    cache: ModelCache<M>,
    { folder }: ModelSource,
    owner: string,
    load: (runtime: RuntimeKind) => Promise<M>,
    sizeOf: (folder: string, names: readonly string[]) => Promise<number> = graphFileSize,
  ): Promise<M> {
    return cache.obtain(
      folder,
      () => {
        this.onPhase(owner, 'loading');
        return sizeOf(folder, this.graphNames);
      },
      async () => load(await this.runtime),
    );
  }
}

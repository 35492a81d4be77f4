import { AttentionModel } from '../inference/attentionModel';
import { LanguageModel } from '../inference/languageModel';
import { MemoryBudget, ModelCache } from '../inference/modelCache';
import { type Precision, graphFileSize, graphNames } from '../inference/modelFolder';
import type { RuntimeKind } from '../inference/runtime';
import type { ModelSource } from '../protocol/model';
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
  private readonly graphNames: readonly string[];

  constructor(
    private readonly runtime: Promise<RuntimeKind>,
    private readonly options: ModelOptions,
    private readonly onPhase: (owner: string, phase: Phase) => void,
  ) {
    const budget = new MemoryBudget(options.maxBytes);
    this.attention = new ModelCache(budget);
    this.language = new ModelCache(budget);
    this.graphNames = graphNames(options.precision);
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

  private obtain<M extends AttentionModel | LanguageModel>(
    cache: ModelCache<M>,
    { folder }: ModelSource,
    owner: string,
    load: (runtime: RuntimeKind) => Promise<M>,
  ): Promise<M> {
    return cache.obtain(
      folder,
      () => {
        this.onPhase(owner, 'loading');
        return graphFileSize(folder, this.graphNames);
      },
      async () => load(await this.runtime),
    );
  }
}

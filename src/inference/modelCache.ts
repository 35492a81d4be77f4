/** What can be kept loaded. */
export interface Loaded {
  /** Size of the graph with its weights, the measure of what the model takes in memory. */
  readonly bytes: number;
  release(): Promise<void>;
}

/** Models of every kind that are kept loaded, by least recent use, within one budget of graph bytes. */
export class MemoryBudget {
  /** In order of use, the latest last. */
  private readonly kept = new Set<Kept>();

  constructor(
    private readonly maxBytes: number,
    /** A model came or went. */
    private readonly changed: () => void = () => undefined,
  ) {}

  /** What is kept, a folder once for each session of it. */
  get loaded(): readonly { readonly folder: string; readonly bytes: number }[] {
    return [...this.kept].map(({ folder, model }) => ({ folder, bytes: model.bytes }));
  }

  touch(kept: Kept): void {
    const isNew = !this.kept.delete(kept);
    this.kept.add(kept);
    if (isNew) {
      this.changed();
    }
  }

  /** Releases everything of a folder. */
  async drop(folder: string): Promise<void> {
    for (const kept of [...this.kept].filter((each) => each.folder === folder)) {
      await this.release(kept);
    }
  }

  /** Makes room before a model of `bytes` is loaded: two at once may not fit into memory. */
  async makeRoom(bytes: number): Promise<void> {
    let used = [...this.kept].reduce((sum, { model }) => sum + model.bytes, 0);
    for (const kept of [...this.kept]) {
      if (used + bytes <= this.maxBytes) {
        return;
      }
      used -= kept.model.bytes;
      await this.release(kept);
    }
  }

  private async release(kept: Kept): Promise<void> {
    this.kept.delete(kept);
    kept.forget();
    await kept.model.release();
    this.changed();
  }
}

interface Kept {
  readonly folder: string;
  readonly model: Loaded;
  /** Takes the model out of its cache. */
  forget(): void;
}

/** The loaded models of one kind, by folder. Not for overlapping calls: the job queue sees to that. */
export class ModelCache<M extends Loaded> {
  private readonly models = new Map<string, Kept & { readonly model: M }>();

  constructor(private readonly budget: MemoryBudget) {}

  /** The model of a folder, loaded when it is not kept. */
  async obtain(folder: string, sizeOf: () => Promise<number>, load: () => Promise<M>): Promise<M> {
    const found = this.models.get(folder);
    if (found) {
      this.budget.touch(found);
      return found.model;
    }
    await this.budget.makeRoom(await sizeOf());
    const model = await load();
    const kept = { folder, model, forget: () => this.models.delete(folder) };
    this.models.set(folder, kept);
    this.budget.touch(kept);
    return model;
  }
}

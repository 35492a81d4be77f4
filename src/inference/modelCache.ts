import type { AttentionModel } from './attentionModel';

/** Models that are kept loaded, by least recent use, within a budget of graph bytes. */
export class ModelCache {
  /** In order of use, the latest last. */
  private readonly models = new Map<string, AttentionModel>();

  constructor(private readonly maxBytes: number) {}

  /** The model of a folder, when it is loaded. */
  get(folder: string): AttentionModel | undefined {
    const model = this.models.get(folder);
    if (model) {
      this.models.delete(folder);
      this.models.set(folder, model);
    }
    return model;
  }

  /** Makes room before a model of `bytes` is loaded: two at once may not fit into memory. */
  async makeRoom(bytes: number): Promise<void> {
    let used = [...this.models.values()].reduce((sum, model) => sum + model.bytes, 0);
    for (const [folder, model] of [...this.models]) {
      if (used + bytes <= this.maxBytes) {
        return;
      }
      this.models.delete(folder);
      used -= model.bytes;
      await model.release();
    }
  }

  add(folder: string, model: AttentionModel): void {
    this.models.set(folder, model);
  }
}

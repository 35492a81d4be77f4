import { isModelId } from './modelId';
import type { Dtype } from './variants';

/** What a model is for, in the order in which a list shows it. */
export const catalogueTasks = ['mask', 'generate', 'chat', 'classify', 'translate', 'image'] as const;
export type CatalogueTask = (typeof catalogueTasks)[number];

/** A model that we recommend. Sizes are those of the graphs on the hub when the file was written. */
export interface CatalogueModel {
  readonly id: string;
  readonly task: CatalogueTask;
  /** `model_type` of its configuration. */
  readonly family: string;
  readonly languages: readonly string[];
  /** SPDX, as the original model's card states it. */
  readonly license: string;
  readonly megabytes: Readonly<Partial<Record<Dtype, number>>>;
  /** What the extension cannot do with it. */
  readonly limits?: 'noPrediction';
}

/** Reads `media/catalogue.json`. @throws {Error} for an entry that is none: it is our own file */
export function readCatalogue(text: string): CatalogueModel[] {
  const { models } = JSON.parse(text) as { models: CatalogueModel[] };
  for (const { id, task, megabytes } of models) {
    if (!isModelId(id) || !catalogueTasks.includes(task) || Object.keys(megabytes).length === 0) {
      throw new Error(`catalogue: ${id}`);
    }
  }
  return models;
}

/** The kind of weights that is offered first, and its megabytes. */
export function cheapest({ megabytes }: CatalogueModel): { dtype: Dtype; megabytes: number } {
  const [dtype, size] = Object.entries(megabytes)[0] as [Dtype, number];
  return { dtype, megabytes: size };
}

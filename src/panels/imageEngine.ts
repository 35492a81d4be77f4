import * as vscode from 'vscode';
import { clipInUse } from '../host/clipInUse';
import { exampleLabels } from '../host/imageExamples';
import type { Models } from '../host/models';
import { uriOfFolder } from '../host/modelUri';
import { selectedPicture, type ToPng } from '../host/selectedPicture';
import { ScopeError } from '../protocol/errors';
import type { ImageModel, TextNotes } from '../protocol/imagePage';
import type { ModelSource } from '../protocol/model';
import { DescribeClip, EmbedImage, EmbedTexts } from '../protocol/vision';
import type { InferenceClient } from '../worker/client';

export interface ImageEngineServices {
  readonly client: InferenceClient;
  readonly models: Models;
  /** Tells the page which model it is. */
  modelChanged(model: ImageModel): void;
  readonly toPng: ToPng;
}

/** A model that is ready, for one piece of work. */
export interface ReadyModel {
  readonly facts: ImageModel;
  /** Says which weights make the vectors. */
  readonly key: string;
  /** Vectors of length 1. */
  embedTexts(texts: readonly string[]): Promise<{ vectors: Float32Array[]; notes: TextNotes }>;
  /** The same of a picture file. @throws {ScopeError} `pictureUnreadable` or `badRequest`, naming the file */
  embedPicture(uri: vscode.Uri): Promise<Float32Array>;
}

/** Texts that are embedded in one request: a newer one waits no longer than for these. */
const batch = 32;

/** Vectors of pictures and texts by the model in use. */
export class ImageEngine {
  constructor(private readonly services: ImageEngineServices) {}

  /**
   * Loads the model where it is not loaded.
   * @param owner of two requests of one kind only the newer is answered, so each kind of work needs its own
   */
  async ready(owner: string): Promise<ReadyModel> {
    const { client, models } = this.services;
    const { source, insteadOf } = await clipInUse(models);
    const { graphFiles, maxTokens, scale, bytes } = await client.request(DescribeClip, {
      model: source,
      owner,
      texts: ['a', 'a photo', 'this is it', '图片'],
    });
    const facts: ImageModel = {
      id: source.id,
      graphFiles,
      maxTokens,
      scale,
      insteadOf,
      hasExamples: exampleLabels(source.id, 'en') !== undefined,
    };
    this.services.modelChanged(facts);
    const changed = await lastChange(source, graphFiles);
    return {
      facts,
      key: [source.id, ...graphFiles, bytes, changed].join('|'),
      embedTexts: (texts) => this.embedTexts(source, owner, texts),
      embedPicture: async (uri) => {
        const image = (await selectedPicture(uri, this.services.toPng).read()).readable;
        const { vector } = await client.request(EmbedImage, { model: source, owner, image });
        return new Float32Array(vector);
      },
    };
  }

  private async embedTexts(
    model: ModelSource,
    owner: string,
    texts: readonly string[],
  ): Promise<{ vectors: Float32Array[]; notes: TextNotes }> {
    const all: Float32Array[] = [];
    const unknown = new Set<string>();
    let numCut = 0;
    for (let start = 0; start < texts.length; start += batch) {
      const part = texts.slice(start, start + batch);
      const { vectors, readings } = await this.services.client.request(EmbedTexts, {
        model,
        owner,
        texts: part,
      });
      const flat = new Float32Array(vectors);
      const size = flat.length / part.length;
      part.forEach((_, index) => {
        all.push(flat.slice(index * size, (index + 1) * size));
      });
      readings.forEach((reading) => {
        reading.unknown.forEach((word) => unknown.add(word));
        numCut += reading.isCut ? 1 : 0;
      });
    }
    return { vectors: all, notes: { unknown: [...unknown], numCut } };
  }
}

/** When the graphs were written: a folder's model may be replaced. */
async function lastChange({ folder }: ModelSource, graphFiles: readonly string[]): Promise<number> {
  const times = graphFiles.map(async (name) => {
    try {
      return (await vscode.workspace.fs.stat(vscode.Uri.joinPath(uriOfFolder(folder), name))).mtime;
    } catch (error) {
      throw new ScopeError('modelMissing', name, { cause: error });
    }
  });
  return Math.max(...(await Promise.all(times)));
}

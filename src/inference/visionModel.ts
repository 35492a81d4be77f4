import type { LayerWeights } from '../attention/weights';
import { graphNames } from '../protocol/graphNames';
import { ScopeError } from '../protocol/errors';
import type { LabelProbability } from '../protocol/language';
import type { PatchGrid } from '../protocol/picture';
import { decodeImage } from './imageDecode';
import { patchGrid } from './imagePatches';
import { type ImageProcessor, type PixelValues, preprocess, readImageProcessor } from './imageProcessor';
import type { ImageFile } from './imageRgb';
import { ImageTower } from './imageTower';
import { type JsonObject, readJson } from './modelFolder';
import type { OutputTensor } from './runtime';
import { logSoftmax } from './sampling';

/** Attention over the patches of a picture. */
export interface ImageAttention {
  readonly layers: readonly LayerWeights[];
  readonly grid: PatchGrid;
}

/** An image classifier: ViT (Dosovitskiy et al. 2021) and models that are fed like it. */
export class VisionModel {
  private constructor(
    private readonly tower: ImageTower,
    private readonly processor: ImageProcessor,
    /** `config.json` as it stands. */
    readonly config: JsonObject,
  ) {}

  /** Loads a folder in Hugging Face layout. @throws {ScopeError} for anything missing or broken. */
  static async load(folder: string, names: readonly string[] = graphNames('fp32')): Promise<VisionModel> {
    const config = await readJson(folder, 'config.json');
    const processor = await readImageProcessor(folder);
    const tower = await ImageTower.load(folder, names);
    if (!tower.readsPictures || tower.readsTexts) {
      await tower.release();
      throw new ScopeError('modelUnsupported', `${tower.graphFile} is no model of pictures alone`);
    }
    return new VisionModel(tower, processor, config);
  }

  get graphFile(): string {
    return this.tower.graphFile;
  }

  /** Size of the graph file, the measure of what the model takes in memory. */
  get bytes(): number {
    return this.tower.bytes;
  }

  /** Decodes a PNG or JPEG and prepares it as the model was trained. @throws {ScopeError} `badRequest` */
  async prepare(image: ImageFile): Promise<PixelValues> {
    return preprocess(await decodeImage(image), this.processor);
  }

  /** Classes of a picture, likeliest first. Multi-label models give each label its own sigmoid. */
  async classify(pixels: PixelValues): Promise<LabelProbability[]> {
    const [logits] = await this.tower.outputs(['logits'], { pixels });
    const { data, dims } = logits as OutputTensor;
    if (dims.length !== 2) {
      throw new ScopeError('modelUnsupported', `“logits” has the shape [${dims.join(', ')}]`);
    }
    const independent = this.config['problem_type'] === 'multi_label_classification' || data.length === 1;
    const probabilities = independent
      ? Float64Array.from(data, (logit) => 1 / (1 + Math.exp(-logit)))
      : logSoftmax(data).map(Math.exp);
    return Array.from(probabilities, (probability, index) => ({
      label: labelOf(this.config, index),
      probability,
    })).sort((a, b) => b.probability - a.probability);
  }

  /** `[heads, tokens, tokens]` per layer, and which token is which part of the picture. */
  async attend(pixels: PixelValues): Promise<ImageAttention> {
    const layers = await this.tower.attend('picture', { pixels });
    return { layers, grid: patchGrid(this.config, pixels, layers[0]?.numTokens ?? 0) };
  }

  release(): Promise<void> {
    return this.tower.release();
  }
}

function labelOf(config: JsonObject, index: number): string {
  const labels = config['id2label'];
  const label =
    typeof labels === 'object' && labels !== null ? (labels as Record<string, unknown>)[index] : undefined;
  return typeof label === 'string' ? label : `LABEL_${index}`;
}

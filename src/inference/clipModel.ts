import { defaultTemplate } from '../attention/labelList';
import { dot, normalized, retrieve } from '../attention/vectorSearch';
import type { LayerWeights } from '../attention/weights';
import { graphNames } from '../protocol/graphNames';
import { ScopeError } from '../protocol/errors';
import type { Token } from '../protocol/model';
import type {
  ClipDescription,
  ImageTextMatch,
  LogitScale,
  Retrieved,
  TextReading,
  VisionRun,
  ZeroShot,
} from '../protocol/vision';
import { decodeImage } from './imageDecode';
import { configuredScale, measureScale } from './imageLogitScale';
import { patchGrid } from './imagePatches';
import { type ImageProcessor, type PixelValues, preprocess, readImageProcessor } from './imageProcessor';
import type { ImageFile } from './imageRgb';
import type { Given, ImageTower } from './imageTower';
import { ClipTowers } from './imageTowers';
import { VectorMemory } from './imageVectors';
import { type Cancellation, breatheUnlessCancelled } from './cancellation';
import { type JsonObject, readJson } from './modelFolder';
import type { OutputTensor } from './runtime';
import { logSoftmax } from './sampling';
import { Tokenizer } from './tokenizer';
import type { ImageAttention } from './visionModel';

type Milliseconds = VisionRun['milliseconds'];

/** CLIP (Radford et al. 2021): pictures and texts as vectors in one space. */
export class ClipModel {
  private readonly memory = new VectorMemory(4096);
  private scale: LogitScale | undefined;

  private constructor(
    private readonly towers: ClipTowers,
    private readonly tokenizer: Tokenizer,
    private readonly processor: ImageProcessor,
    private readonly config: JsonObject,
  ) {}

  /**
   * Loads `text_model.onnx` and `vision_model.onnx` (with their projections), else a `model.onnx` of both.
   * @param names of whole graphs, best first; the towers' names are made from them.
   * @throws {ScopeError} for anything missing or broken.
   */
  static async load(folder: string, names: readonly string[] = graphNames('fp32')): Promise<ClipModel> {
    const config = await readJson(folder, 'config.json');
    if (/^siglip/.test(String(config['model_type']))) {
      throw new ScopeError('modelUnsupported', 'SigLIP compares by another rule than CLIP');
    }
    const processor = await readImageProcessor(folder);
    const tokenizer = await Tokenizer.load(folder);
    const towers = await ClipTowers.load(folder, names);
    return new ClipModel(towers, tokenizer, processor, config);
  }

  /** Graph bytes that {@link ClipModel.load} would read. */
  static sizeOf(folder: string, names: readonly string[]): Promise<number> {
    return ClipTowers.sizeOf(folder, names);
  }

  /** The graph that reads pictures. */
  get pictureGraphFile(): string {
    return this.towers.vision.graphFile;
  }

  /** Size of the graph files, the measure of what the model takes in memory. */
  get bytes(): number {
    return this.towers.bytes;
  }

  /** Longest text in tokens, special tokens included: 77 in OpenAI's models. */
  get maxTokens(): number {
    const stated = part(this.config, 'text_config')['max_position_embeddings'];
    return Math.min(
      typeof stated === 'number' ? stated : 77,
      this.tokenizer.maxTokens ?? Infinity,
      this.towers.text.fixedTokens ?? Infinity,
    );
  }

  /** Of length 1, `[projection_dim]`. @throws {ScopeError} `badRequest` for a file that is no picture. */
  embedImage(image: ImageFile): Promise<Float32Array> {
    return this.memory.obtain(image.bytes, async () =>
      this.vector(this.towers.vision, 'image_embeds', { pixels: await this.prepare(image) }),
    );
  }

  /** Of length 1. What goes beyond {@link maxTokens} is cut off, as CLIP's tokenizer does. */
  embedText(text: string): Promise<Float32Array> {
    return this.memory.obtain(text, () =>
      this.vector(this.towers.text, 'text_embeds', { ids: this.idsOf(text) }),
    );
  }

  /** Vectors of several texts, each of length 1. */
  embedTexts(texts: readonly string[], cancellation?: Cancellation): Promise<Float32Array[]> {
    return this.each(texts, (text) => this.embedText(text), cancellation);
  }

  /** What is lost of a text on its way into the model. */
  reading(text: string): TextReading {
    const { totalTokens } = this.tokenizer.tokenize(text, this.maxTokens);
    return { unknown: this.tokenizer.unknownParts(text), isCut: totalTokens > this.maxTokens };
  }

  /** @param texts some to measure the scale with; at least one */
  async describe(texts: readonly string[]): Promise<ClipDescription> {
    const { vision, text } = this.towers;
    const { maxTokens, bytes } = this;
    const graphFiles = [...new Set([vision.graphFile, text.graphFile])];
    return { graphFiles, bytes, maxTokens, scale: await this.logitScale(this.blank(), texts) };
  }

  /** Every picture with every text; probabilities are over the texts. */
  async matchImageText(
    images: readonly ImageFile[],
    texts: readonly string[],
    options: { readonly logitScale?: number | undefined; readonly cancellation?: Cancellation } = {},
  ): Promise<ImageTextMatch> {
    if (images.length === 0 || texts.length === 0) {
      throw new ScopeError('badRequest', 'at least one picture and one text');
    }
    const imageVectors = await this.each(images, (image) => this.embedImage(image), options.cancellation);
    const textVectors = await this.each(texts, (text) => this.embedText(text), options.cancellation);
    const scale: LogitScale =
      options.logitScale === undefined
        ? await this.logitScale(await this.prepare(images[0] as ImageFile), texts)
        : { value: options.logitScale, source: 'stated' };
    const cosines = imageVectors.map((image) => textVectors.map((text) => dot(image, text)));
    const logits = cosines.map((row) => row.map((cosine) => cosine * scale.value));
    const probabilities = logits.map((row) => Array.from(logSoftmax(row), Math.exp));
    return { cosines, logits, probabilities, scale };
  }

  /** Labels that the model was not trained on (§3.1 of the paper), likeliest first. */
  async zeroShot(
    image: ImageFile,
    labels: readonly string[],
    options: {
      readonly template?: string | undefined;
      readonly logitScale?: number | undefined;
      readonly cancellation?: Cancellation;
    } = {},
  ): Promise<ZeroShot> {
    const template = options.template ?? defaultTemplate;
    if (!template.includes('{}')) {
      throw new ScopeError('badRequest', `“${template}” has no {} for the label`);
    }
    const texts = labels.map((label) => template.replaceAll('{}', () => label));
    const { probabilities, scale } = await this.matchImageText([image], texts, options);
    return {
      labels: labels
        .map((label, index) => ({ label, probability: probabilities[0]![index]! }))
        .sort((a, b) => b.probability - a.probability),
      scale,
    };
  }

  /** The pictures nearest to a text. */
  async retrieveImages(
    query: string,
    images: readonly ImageFile[],
    topK: number,
    cancellation?: Cancellation,
  ): Promise<Retrieved[]> {
    const items = await this.each(images, (image) => this.embedImage(image), cancellation);
    return retrieve(await this.embedText(query), items, topK);
  }

  /** The texts nearest to a picture. */
  async retrieveTexts(
    query: ImageFile,
    texts: readonly string[],
    topK: number,
    cancellation?: Cancellation,
  ): Promise<Retrieved[]> {
    const items = await this.each(texts, (text) => this.embedText(text), cancellation);
    return retrieve(await this.embedImage(query), items, topK);
  }

  /** Attention of the vision tower. */
  async attendImage(image: ImageFile): Promise<ImageAttention & { milliseconds: Milliseconds }> {
    const started = performance.now();
    const pixels = await this.prepare(image);
    const prepared = performance.now();
    const layers = await this.towers.vision.attend('picture', this.complete(this.towers.vision, { pixels }));
    const milliseconds = { prepare: prepared - started, forward: performance.now() - prepared };
    const config = part(this.config, 'vision_config');
    return { layers, grid: patchGrid(config, pixels, layers[0]?.numTokens ?? 0), milliseconds };
  }

  /** Attention of the text tower; padding that the graph insists on is among the tokens. */
  async attendText(
    text: string,
  ): Promise<{ layers: readonly LayerWeights[]; tokens: readonly Token[]; milliseconds: Milliseconds }> {
    const started = performance.now();
    const tokens = this.tokenize(text);
    const prepared = performance.now();
    const ids = tokens.map((token) => token.id);
    const layers = await this.towers.text.attend('text', this.complete(this.towers.text, { ids }));
    return {
      layers,
      tokens,
      milliseconds: { prepare: prepared - started, forward: performance.now() - prepared },
    };
  }

  /** From the graph where one holds both towers, measured once; else from `config.json`. */
  private async logitScale(pixels: PixelValues, texts: readonly string[]): Promise<LogitScale> {
    this.scale ??= await this.findScale(pixels, texts);
    return this.scale;
  }

  private async findScale(pixels: PixelValues, texts: readonly string[]): Promise<LogitScale> {
    const pairs = texts.slice(0, 4).map((text) => ({ pixels, ids: this.idsOf(text) }));
    const value = await this.towers.withWhole((whole) => measureScale(whole, pairs));
    return value === undefined ? configuredScale(this.config) : { value, source: 'graph' };
  }

  private async prepare(image: ImageFile): Promise<PixelValues> {
    return preprocess(await decodeImage(image), this.processor);
  }

  /** Padded only where the graph reads a fixed number of tokens; nothing after the end is looked at. */
  private tokenize(text: string): Token[] {
    const tokens = [...this.tokenizer.tokenize(text, this.maxTokens).tokens];
    const end = tokens.at(-1);
    while (end && tokens.length < (this.towers.text.fixedTokens ?? 0)) {
      tokens.push({ ...end, special: true });
    }
    return tokens;
  }

  private idsOf(text: string): number[] {
    return this.tokenize(text).map((token) => token.id);
  }

  private async vector(tower: ImageTower, name: string, given: Given): Promise<Float32Array> {
    const [output] = await tower.outputs([name], this.complete(tower, given));
    return normalized((output as OutputTensor).data);
  }

  /** A graph of both towers wants both inputs; the other one gets black, or nothing but the special tokens. */
  private complete(tower: ImageTower, given: Given): Given {
    if (tower.readsPictures && !given.pixels) {
      return { ...given, pixels: this.blank() };
    }
    return tower.readsTexts && !given.ids ? { ...given, ids: this.idsOf('') } : given;
  }

  private blank(): PixelValues {
    const stated = part(this.config, 'vision_config')['image_size'];
    const size = typeof stated === 'number' ? stated : 224;
    return preprocess({ width: size, height: size, data: new Uint8Array(size * size * 3) }, this.processor);
  }

  private async each<T>(
    items: readonly T[],
    embed: (item: T) => Promise<Float32Array>,
    cancellation?: Cancellation,
  ): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (const item of items) {
      vectors.push(await embed(item));
      await breatheUnlessCancelled(cancellation);
    }
    return vectors;
  }

  release(): Promise<void> {
    return this.towers.release();
  }
}

function part(config: JsonObject, name: string): JsonObject {
  const value = config[name];
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}

import { ScopeError } from '../protocol/errors';
import { ImageTower } from './imageTower';
import { graphFileSize } from './modelFolder';

/** CLIP's graphs: a file for each tower, or one file with both. */
export class ClipTowers {
  private constructor(
    /** The same object twice where one graph holds both. */
    readonly text: ImageTower,
    readonly vision: ImageTower,
    private readonly folder: string,
    private readonly wholeNames: readonly string[],
  ) {}

  /**
   * Takes `text_model.onnx` and `vision_model.onnx` (with their projections), else a `model.onnx` of both,
   * which computes both towers for every question.
   * @param names of whole graphs, best first; the towers' names are made from them.
   */
  static async load(folder: string, names: readonly string[]): Promise<ClipTowers> {
    const files = await towerFiles(folder, names);
    const text = await ImageTower.load(folder, files?.text ?? names);
    try {
      const vision = files ? await ImageTower.load(folder, files.vision) : text;
      if (!text.gives('text_embeds') || !vision.gives('image_embeds')) {
        await vision.release();
        throw new ScopeError('modelUnsupported', 'the graphs give no “text_embeds” and “image_embeds”');
      }
      return new ClipTowers(text, vision, folder, names);
    } catch (error) {
      if (files) {
        await text.release();
      }
      throw error;
    }
  }

  /** Graph bytes that {@link ClipTowers.load} would read. */
  static async sizeOf(folder: string, names: readonly string[]): Promise<number> {
    const files = await towerFiles(folder, names);
    return files
      ? (await graphFileSize(folder, files.text)) + (await graphFileSize(folder, files.vision))
      : graphFileSize(folder, names);
  }

  get bytes(): number {
    return this.text === this.vision ? this.text.bytes : this.text.bytes + this.vision.bytes;
  }

  /** Lends the graph with both towers, loaded for this alone if need be; undefined where there is none. */
  async withWhole<T>(use: (whole: ImageTower) => Promise<T>): Promise<T | undefined> {
    if (this.text === this.vision) {
      return use(this.text);
    }
    if ((await graphFileSize(this.folder, this.wholeNames)) === 0) {
      return undefined;
    }
    const whole = await ImageTower.load(this.folder, this.wholeNames);
    try {
      return await use(whole);
    } finally {
      await whole.release();
    }
  }

  async release(): Promise<void> {
    await this.text.release();
    if (this.vision !== this.text) {
      await this.vision.release();
    }
  }
}

interface TowerFiles {
  readonly text: readonly string[];
  readonly vision: readonly string[];
}

/** `onnx/model_fp16.onnx` → `onnx/text_model_fp16.onnx`, as exports name them; both must be there. */
async function towerFiles(folder: string, names: readonly string[]): Promise<TowerFiles | undefined> {
  const whole = names.filter((name) => /(^|\/)model(_\w+)?\.onnx$/.test(name));
  const named = (tower: string): string[] =>
    whole.map((name) => name.replace(/model(_\w+)?\.onnx$/, `${tower}_model$1.onnx`));
  const files = { text: named('text'), vision: named('vision') };
  const sizes = [await graphFileSize(folder, files.text), await graphFileSize(folder, files.vision)];
  return sizes.every((size) => size > 0) ? files : undefined;
}

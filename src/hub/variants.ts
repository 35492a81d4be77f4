import type { ListedFile } from './hub';

/** How a file of weights is stored, by the names that transformers.js uses. */
export const dtypes = ['q8', 'int8', 'uint8', 'fp32', 'fp16', 'q4', 'q4f16', 'bnb4'] as const;
export type Dtype = (typeof dtypes)[number];

/** What has to be fetched to run a model in one kind of weights. */
export interface Variant {
  readonly dtype: Dtype;
  /** The graphs, `onnx/model_quantized.onnx` and its like. */
  readonly graphs: readonly string[];
  /** Everything: configuration, tokenizer, graphs, weights beside the graphs. */
  readonly files: readonly ListedFile[];
  /** Of the files whose size is known. */
  readonly bytes: number;
}

/** Best first: a quarter in size and twice as fast; then the weights as they were trained; then the rest. */
const suffixes: readonly (readonly [Dtype, string])[] = [
  ['q8', '_quantized'],
  ['int8', '_int8'],
  ['uint8', '_uint8'],
  ['fp32', ''],
  ['fp16', '_fp16'],
  ['q4', '_q4'],
  ['q4f16', '_q4f16'],
  ['bnb4', '_bnb4'],
];

/** Graphs of one network, best first: one that is not much larger than a later one is taken. */
const singles = ['model', 'decoder_model_merged', 'decoder_model'];
const muchLarger = 1.2;
/** Weights that the inference process looks for under a name; a test holds them to `graphNames`. */
const readable: Readonly<Record<string, readonly Dtype[]>> = {
  model: ['q8', 'int8', 'uint8', 'fp32', 'fp16', 'q4', 'q4f16', 'bnb4'],
  decoder_model: ['q8', 'fp32', 'fp16'],
  decoder_model_merged: ['q8', 'fp32', 'fp16', 'q4'],
  encoder_model: ['q8', 'int8', 'uint8', 'fp32', 'fp16', 'q4'],
};

/** Files beside the graphs, as far as a repository has them. */
const small = new Set([
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'preprocessor_config.json',
  'processor_config.json',
  'chat_template.jinja',
  'README.md',
  'LICENSE',
  'LICENSE.txt',
]);

/** The ways in which a repository can be run, best first; none when it has no ONNX files that we read. */
export function variantsOf(files: readonly ListedFile[]): Variant[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const beside = files.filter((file) => small.has(file.path));
  const whole = (graphs: readonly string[]): readonly ListedFile[] | undefined => {
    const found = graphs.map((graph) => byPath.get(graph));
    return found.every((file) => file !== undefined)
      ? found.flatMap((file) => [file, ...files.filter(({ path }) => isWeightsOf(path, file.path))])
      : undefined;
  };
  const complete = (sets: readonly string[][]): Omit<Variant, 'dtype'>[] =>
    sets.flatMap((graphs) => {
      const found = whole(graphs);
      const all = [...beside, ...(found ?? [])];
      return found ? [{ graphs, files: all, bytes: sumOf(all) }] : [];
    });
  return suffixes.flatMap(([dtype, suffix]) => {
    const pairs = complete(encoderDecoders(dtype, suffix));
    // A decoder alone is no model where there is an encoder for it.
    const choices = pairs.length > 0 ? pairs : complete(singleGraphs(dtype, suffix));
    const best = choices.find((each) =>
      choices.every((other) => each.bytes <= other.bytes * muchLarger || other === each),
    );
    return best ? [{ dtype, ...best }] : [];
  });
}

/** Which graphs together are a model, as exports name them. */
function encoderDecoders(dtype: Dtype, suffix: string): string[][] {
  const encoder = `onnx/encoder_model${suffix}.onnx`;
  const decoder = `onnx/decoder_model${suffix}.onnx`;
  return readable['encoder_model']?.includes(dtype)
    ? [
        [encoder, `onnx/decoder_model_merged${suffix}.onnx`],
        [encoder, decoder, `onnx/decoder_with_past_model${suffix}.onnx`],
        [encoder, decoder],
      ]
    : [];
}

function singleGraphs(dtype: Dtype, suffix: string): string[][] {
  const ones = singles.filter((stem) => readable[stem]?.includes(dtype));
  return [
    ...ones.map((stem) => [`onnx/${stem}${suffix}.onnx`]),
    [`onnx/text_model${suffix}.onnx`, `onnx/vision_model${suffix}.onnx`],
    ...(dtype === 'fp32' || dtype === 'q8' ? [[`model${suffix}.onnx`]] : []),
  ];
}

/** `model.onnx_data`, `model.onnx_data_1`, `model.onnx.data`. */
function isWeightsOf(path: string, graph: string): boolean {
  return path.startsWith(graph) && /^(_data(_\d+)?|\.data)$/.test(path.slice(graph.length));
}

function sumOf(files: readonly ListedFile[]): number {
  return files.reduce((sum, file) => sum + (file.size ?? 0), 0);
}

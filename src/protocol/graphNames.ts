import type { Precision } from './model';

const fullPrecision = [
  'onnx/model.onnx',
  'onnx/decoder_model.onnx',
  'onnx/decoder_model_merged.onnx',
  'model.onnx',
];
const int8 = [
  'onnx/model_quantized.onnx',
  'onnx/model_int8.onnx',
  'onnx/model_uint8.onnx',
  'onnx/decoder_model_quantized.onnx',
  'onnx/decoder_model_merged_quantized.onnx',
  'model_quantized.onnx',
];
const otherPrecisions = [
  'onnx/model_fp16.onnx',
  'onnx/decoder_model_fp16.onnx',
  'onnx/decoder_model_merged_fp16.onnx',
  'onnx/model_q4.onnx',
  'onnx/model_q4f16.onnx',
  'onnx/model_bnb4.onnx',
  'onnx/decoder_model_merged_q4.onnx',
];

/** The graph files of a text model, by the names that Hugging Face exports have, best first. */
export function graphNames(precision: Precision): readonly string[] {
  return precision === 'int8'
    ? [...int8, ...fullPrecision, ...otherPrecisions]
    : [...fullPrecision, ...otherPrecisions, ...int8];
}

/** Of an encoder-decoder's graphs the encoders, in the same order of preference. */
export function encoderNames(names: readonly string[]): string[] {
  const encoders = names
    .filter((name) => name.includes('decoder_model'))
    .map((name) => name.replace('decoder_model', 'encoder_model').replace('_merged', ''));
  return [...new Set(encoders)];
}

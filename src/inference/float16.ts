/** The bits of the nearest binary16 numbers, ties to even; what is too large becomes infinite. */
export function toFloat16(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(words, (word) => {
    const sign = (word >>> 16) & 0x8000;
    const magnitude = word & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return sign | 0x7e00; // not a number
    }
    if (magnitude >= 0x477ff000) {
      return sign | 0x7c00; // 65520 and more round to infinity
    }
    if (magnitude < 0x38800000) {
      // Subnormal: counted in steps of 2^-24; JavaScript's rounding is made even by hand.
      return sign | roundEven(Math.abs(float(magnitude)) * 2 ** 24);
    }
    const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
    return sign | ((rounded - 0x38000000) >>> 13);
  });
}

const one = new Uint32Array(1);
const asFloat = new Float32Array(one.buffer);

function float(word: number): number {
  one[0] = word;
  return asFloat[0] as number;
}

function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

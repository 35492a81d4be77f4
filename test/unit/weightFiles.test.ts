import assert from 'node:assert/strict';
import fc from 'fast-check';
import { npyOfTexts, npyOfWeights } from '../../src/attention/npy';
import { npzOf } from '../../src/attention/npz';
import { packWeights, unpackWeights } from '../../src/attention/packWeights';

describe('weights for NumPy', () => {
  it('follow the NPY format 1.0', () => {
    const file = new Uint8Array(
      npyOfWeights([
        { numHeads: 2, numTokens: 1, data: Float32Array.from([0.5, 0.25]) },
        { numHeads: 2, numTokens: 1, data: Float32Array.from([0.125, 1]) },
      ]),
    );
    assert.deepEqual([...file.subarray(0, 8)], [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
    const headerLength = file[8]! | (file[9]! << 8);
    assert.equal((10 + headerLength) % 64, 0);
    const header = new TextDecoder().decode(file.subarray(10, 10 + headerLength));
    assert.match(header, /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2, 2, 1, 1\), \} *\n$/);
    const data = new Float32Array(file.slice(10 + headerLength).buffer);
    assert.deepEqual([...data], [0.5, 0.25, 0.125, 1]);
  });
});

describe('texts for NumPy', () => {
  it('are strings of one length, in UTF-32', () => {
    const file = new Uint8Array(npyOfTexts(['[CLS]', '猫', '😀x', '']));
    const headerLength = file[8]! | (file[9]! << 8);
    const header = new TextDecoder().decode(file.subarray(10, 10 + headerLength));
    assert.match(header, /^\{'descr': '<U5', 'fortran_order': False, 'shape': \(4,\), \} *\n$/);
    const codes = new Uint32Array(file.slice(10 + headerLength).buffer);
    const texts = Array.from({ length: 4 }, (_, text) =>
      String.fromCodePoint(...codes.subarray(5 * text, 5 * text + 5)).replace(/\0+$/, ''),
    );
    assert.deepEqual(texts, ['[CLS]', '猫', '😀x', '']);
  });
});

describe('several arrays for NumPy', () => {
  it('are the archive that Python’s zipfile writes, stored and without a date', () => {
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    // ZipInfo(name) with create_system 0, by ZipFile(…, 'w').writestr.
    const python =
      'UEsDBBQAAAAAAAAAIQAmOfTLCQAAAAkAAAAJAAAAZmlyc3QubnB5MTIzNDU2Nzg5UEsDBBQAAAAAAAAAIQBtSIOeAgAAAAIAAAAKAAAA' +
      'c2Vjb25kLm5weWFiUEsBAhQAFAAAAAAAAAAhACY59MsJAAAACQAAAAkAAAAAAAAAAAAAAIABAAAAAGZpcnN0Lm5weVBLAQIUABQAAAAA' +
      'AAAAIQBtSIOeAgAAAAIAAAAKAAAAAAAAAAAAAACAATAAAABzZWNvbmQubnB5UEsFBgAAAAACAAIAbwAAAFoAAAAAAA==';
    const file = npzOf([
      ['first', bytes('123456789')],
      ['second', bytes('ab')],
    ]);
    assert.equal(Buffer.from(file).toString('base64'), python);
  });
});

describe('packed weights', () => {
  it('come back within the stated error', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.0001, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
        (raw) => {
          const sums = [raw[0]! + raw[1]!, raw[2]! + raw[3]!];
          const data = Float32Array.from(raw, (value, index) => value / sums[index >> 1]!);
          const packed = new Uint8Array(packWeights([{ numHeads: 1, numTokens: 2, data }]));
          const [layer] = unpackWeights(packed, 1, 1, 2);
          data.forEach((weight, index) => {
            // Twice the error of one weight: the row is divided by a sum that is off as well.
            assert.ok(Math.abs(layer!.data[index]! - weight) <= 0.008, `${layer!.data[index]} for ${weight}`);
          });
        },
      ),
    );
  });
});

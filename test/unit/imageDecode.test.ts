import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { decodeImage } from '../../src/inference/imageDecode';
import { pngSignature } from '../../src/inference/imagePng';
import { isScopeError } from '../../src/protocol/errors';
import { imageFile, visionJson } from '../fixtures/vision/models';

interface Decoded {
  readonly width: number;
  readonly height: number;
  readonly sha256?: string;
  readonly rgb?: string;
}

/** Against Pillow: `ImageOps.exif_transpose(image).convert("RGB")`. */
describe('decoding pictures', () => {
  const expected = Object.entries(visionJson<Record<string, Decoded>>('decoding'));
  const refuses = (name: string, bytes: Uint8Array, detail: RegExp): void =>
    assert.throws(
      () => decodeImage({ name, bytes }),
      (error) => isScopeError(error, 'badRequest') && detail.test(error.detail ?? ''),
    );

  for (const [name, { width, height, sha256, rgb }] of expected) {
    it(`reads ${name}`, () => {
      const image = decodeImage(imageFile(name));
      assert.deepEqual([image.width, image.height], [width, height]);
      if (sha256 !== undefined) {
        assert.equal(createHash('sha256').update(image.data).digest('hex'), sha256);
      } else {
        const reference = Buffer.from(rgb ?? '', 'base64');
        assert.equal(image.data.length, reference.length);
        const off = reference.map((value, index) => Math.abs(value - image.data[index]!));
        const mean = off.reduce((sum, value) => sum + value, 0) / off.length;
        const largest = Math.max(...off);
        // Only the rounding of the inverse cosine transform differs from libjpeg.
        assert.ok(mean <= 0.3 && largest <= 4, `mean ${mean}, largest ${largest}`);
      }
    });
  }

  it('says of a file that ends too early that it is broken', () => {
    for (const name of ['rgb.png', 'halved.jpg', 'progressive.jpg', 'palette.png']) {
      const { bytes } = imageFile(name);
      for (const part of [0.05, 0.3, 0.6, 0.95]) {
        refuses(name, bytes.subarray(0, Math.max(9, Math.floor(bytes.length * part))), /broken/);
      }
    }
  });

  it('survives damaged bytes', () => {
    for (const name of ['rgb.png', 'full.jpg', 'palette4.png', 'rotated.jpg']) {
      const original = imageFile(name).bytes;
      for (let trial = 0; trial < 60; trial++) {
        const bytes = Uint8Array.from(original);
        bytes[8 + ((trial * 7919) % (bytes.length - 8))] = (trial * 31) & 255;
        try {
          decodeImage({ name, bytes });
        } catch (error) {
          assert.ok(isScopeError(error, 'badRequest'), String(error));
        }
      }
    }
  });

  it('names what it does not read', () => {
    refuses('a.gif', Buffer.from('GIF89a------'), /a\.gif: GIF/);
    refuses('a.png', Buffer.from('RIFF1234WEBPVP8 '), /WebP/);
    refuses('a.txt', readFileSync(__filename), /unknown format/);
    refuses('empty', new Uint8Array(0), /unknown format/);
  });

  it('refuses more than 64 megapixels before decoding them', () => {
    const bytes = Uint8Array.from(imageFile('rgb.png').bytes);
    new DataView(bytes.buffer).setUint32(16, 100_000);
    new DataView(bytes.buffer).setUint32(20, 100_000);
    refuses('bomb.png', bytes, /100000 × 100000 pixels; at most 64/);
  });

  it('refuses to unpack more than the pixels of a picture', () => {
    const chunk = (kind: string, data: Uint8Array): Buffer => {
      const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
      const frame = Buffer.alloc(8);
      frame.writeUInt32BE(data.length, 0);
      frame.writeUInt32BE(crc32(body), 4);
      return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
    };
    const bytes = Buffer.concat([
      Buffer.from(pngSignature),
      chunk('IHDR', Uint8Array.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 2, 0, 0, 1])),
      chunk('IDAT', deflateSync(Buffer.alloc(50_000_000))),
      chunk('IEND', new Uint8Array(0)),
    ]);
    refuses('bomb.png', bytes, /broken PNG/);
  });

  it('ignores what follows the end of a picture', () => {
    const { bytes } = imageFile('rgb.png');
    assert.equal(
      decodeImage({ name: 'long.png', bytes: Buffer.concat([bytes, Buffer.alloc(40, 7)]) }).width,
      37,
    );
  });
});

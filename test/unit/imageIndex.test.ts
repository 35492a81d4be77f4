import assert from 'node:assert/strict';
import { ImageIndex, type PictureStat, updateIndex } from '../../src/host/imageIndex';

/** Vectors of a folder's pictures: kept, found again, and made anew only where a file has changed. */

const file = (name: string, mtime = 1, size = 10): PictureStat => ({ uri: `file:///${name}`, size, mtime });
const vectors: Readonly<Record<string, readonly number[]>> = {
  'file:///east': [1, 0],
  'file:///north': [0, 1],
  'file:///between': [0.6, 0.8],
};

describe('the index of pictures', () => {
  let embedded: string[] = [];
  let skipped: string[] = [];
  beforeEach(() => {
    embedded = [];
    skipped = [];
  });

  const update = (
    index: ImageIndex,
    files: readonly PictureStat[],
    options: { readonly stopAfter?: number; readonly fatal?: string } = {},
  ): Promise<number> =>
    updateIndex(index, files, {
      embed: async ({ uri }) => {
        embedded.push(uri);
        const vector = vectors[uri];
        if (!vector) {
          throw new Error(`broken: ${uri}`);
        }
        return Float32Array.from(vector);
      },
      skip: ({ uri }) => {
        skipped.push(uri);
        return uri !== options.fatal;
      },
      progress: () => undefined,
      stopped: () => embedded.length >= (options.stopAfter ?? Infinity),
    });
  const all = [file('east'), file('north'), file('between')];

  it('ranks by the cosine, and equal ones by name', async () => {
    const index = new ImageIndex('model');
    assert.equal(await update(index, all), 3);
    const found = index.search(Float32Array.of(0.6, 0.8), 2);
    assert.deepEqual(
      found.map(({ uri, cosine }) => [uri, Number(cosine.toFixed(6))]),
      // By hand: 0.36 + 0.64, and 0.8.
      [
        ['file:///between', 1],
        ['file:///north', 0.8],
      ],
    );
    const half = Math.SQRT1_2;
    const [first, second] = index.search(Float32Array.of(half, half), 3).slice(1);
    assert.deepEqual([first?.uri, second?.uri], ['file:///east', 'file:///north']);
  });

  it('reads only files that are new or have changed, and forgets those that are gone', async () => {
    const index = new ImageIndex('model');
    await update(index, all);
    embedded = [];
    const later = [file('east', 2), file('between', 1, 11), file('north')];
    assert.equal(index.keepOnly(later), 0);
    assert.equal(await update(index, later), 2);
    assert.deepEqual(embedded, ['file:///east', 'file:///between']);
    assert.equal(index.keepOnly([file('north')]), 2);
    assert.equal(index.numPictures, 1);
    assert.deepEqual(index.missing(all), [file('east'), file('between')]);
  });

  it('comes back from its bytes, also from the middle of a larger buffer', async () => {
    const index = new ImageIndex('model');
    await update(index, all);
    const bytes = index.toBytes();
    const within = Buffer.concat([Buffer.alloc(3), bytes, Buffer.alloc(5)]).subarray(3, 3 + bytes.length);
    const again = ImageIndex.fromBytes(within, 'model');
    assert.deepEqual(again.missing(all), []);
    assert.deepEqual(
      again.search(Float32Array.of(1, 0), 3).map(({ uri, cosine }) => [uri, Number(cosine.toFixed(6))]),
      [
        ['file:///east', 1],
        ['file:///between', 0.6],
        ['file:///north', 0],
      ],
    );
    assert.equal(ImageIndex.fromBytes(new ImageIndex('model').toBytes(), 'model').numPictures, 0);
  });

  it('is empty by another model, and where its file is cut or no index', async () => {
    const index = new ImageIndex('model');
    await update(index, all);
    const bytes = index.toBytes();
    assert.equal(ImageIndex.fromBytes(bytes, 'another model').numPictures, 0);
    for (const broken of [
      bytes.slice(0, bytes.length - 4),
      bytes.slice(0, 30),
      new Uint8Array(2),
      new Uint8Array(99),
    ]) {
      assert.equal(ImageIndex.fromBytes(broken, 'model').numPictures, 0);
    }
  });

  it('survives files that cannot be read, and names them', async () => {
    const index = new ImageIndex('model');
    assert.equal(await update(index, [file('east'), file('broken'), file('north')]), 2);
    assert.deepEqual(skipped, ['file:///broken']);
  });

  it('keeps what is done when it is stopped, or when something else fails', async () => {
    const index = new ImageIndex('model');
    // The one that is under way when it is stopped does not count.
    assert.equal(await update(index, all, { stopAfter: 2 }), 1);
    assert.equal(index.numPictures, 1);
    embedded = [];
    const files = [file('north'), file('gone'), file('between')];
    await assert.rejects(update(index, files, { fatal: 'file:///gone' }), /broken/);
    assert.deepEqual(embedded, ['file:///north', 'file:///gone']);
    assert.equal(index.numPictures, 2);
  });
});

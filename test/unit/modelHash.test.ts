import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newStudy } from '../../src/prompts/presets';
import { modelHash } from '../../src/study/modelHash';
import { modelIdentities } from '../../src/study/modelIdentity';

describe("the hash of a model's graph", () => {
  let folder: string;
  const write = (name: string, content: string): void => writeFileSync(join(folder, 'onnx', name), content);
  const hashOf = (content: string): string => createHash('sha256').update(content).digest('hex');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'scope-hash-'));
    mkdirSync(join(folder, 'onnx'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is that of the file which the precision asks for', async () => {
    assert.equal(await modelHash(folder, 'int8'), undefined);
    write('model.onnx', 'large');
    write('model_quantized.onnx', 'small');
    assert.equal(await modelHash(folder, 'int8'), `${hashOf('small')} (onnx/model_quantized.onnx)`);
    assert.equal(await modelHash(folder, 'fp32'), `${hashOf('large')} (onnx/model.onnx)`);
  });

  it('is found for every name that exporters give a decoder, and tells when that file changes', async () => {
    const name = 'decoder_model_merged_quantized.onnx';
    write(name, 'one');
    assert.equal(await modelHash(folder, 'int8'), `${hashOf('one')} (onnx/${name})`);
    const study = newStudy('hashed', 'A study', 'A text', { id: 'exported', folder });
    const before = (await modelIdentities(study, 'int8')).get('exported');
    write(name, 'another');
    const after = (await modelIdentities(study, 'int8')).get('exported');
    assert.ok(before !== undefined && after !== undefined);
    assert.notEqual(before, after);
  });
});

/**
 * `npm run verify-models -- <owner/name or folder> [--dtype fp32] [--pictures folder]`: downloads or opens a real
 * model and holds it against what is published about it. Prints a table for a bug report; exits with 1 when a
 * statement does not hold. `HF_ENDPOINT` and `HF_TOKEN` are those of Hugging Face's own tools.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkFolder } from '../../src/hub/checkFolder';
import { downloadModel, planDownload } from '../../src/hub/downloadModel';
import { Hub } from '../../src/hub/hub';
import { cachedModel, hubCacheFolder } from '../../src/hub/hubCache';
import { parseModelId } from '../../src/hub/modelId';
import { ModelStore } from '../../src/hub/modelStore';
import { variantsOf } from '../../src/hub/variants';
import { AttentionModel } from '../../src/inference/attentionModel';
import { LanguageModel } from '../../src/inference/languageModel';
import { graphNames } from '../../src/protocol/graphNames';
import { configureRuntime } from '../../src/inference/runtime';
import { cacheDir } from '../run/paths';
import { bertFacts } from './bertFacts';
import type { Fact } from './facts';
import { generalFacts } from './generalFacts';
import { gpt2Facts, gpt2TokenFacts } from './gpt2Facts';
import { clipFacts, sst2Facts } from './taskFacts';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { dtype: { type: 'string' }, pictures: { type: 'string' } },
  });
  const [asked] = positionals;
  if (asked === undefined) {
    throw new Error(
      'Usage: npm run verify-models -- <owner/name or folder> [--dtype fp32] [--pictures folder]',
    );
  }
  const folder = existsSync(asked) ? asked : await fetchModel(asked, values.dtype);
  const { problems, dtypes } = await checkFolder(folder);
  if (problems.length > 0) {
    throw new Error(problems.map(({ path, kind }) => `${path}: ${kind}`).join('\n'));
  }
  const dtype = dtypes.find((each) => each === values.dtype) ?? dtypes[0];
  const runtime = await configureRuntime({
    kind: 'auto',
    wasmFolder: dirname(require.resolve('onnxruntime-web')),
    numThreads: 2,
  });
  const facts = await factsOf(folder, dtype === 'fp32', values.pictures);
  print(
    `${asked} · ${dtype} · ${runtime} · Node ${process.version} · ${process.platform}-${process.arch}`,
    facts,
  );
  process.exitCode = facts.every(({ holds }) => holds) ? 0 : 1;
}

/** From the Hugging Face cache where it is there, else from the hub. */
async function fetchModel(asked: string, dtype: string | undefined): Promise<string> {
  const wanted = parseModelId(asked);
  const cached = await cachedModel(hubCacheFolder(process.env, homedir()), wanted.id);
  if (cached && (dtype === undefined || cached.dtypes.some((each) => each === dtype))) {
    return cached.folder;
  }
  const hub = new Hub({
    endpoint: process.env['HF_ENDPOINT'] ?? 'https://huggingface.co',
    fetch,
    token: () => Promise.resolve(process.env['HF_TOKEN']),
  });
  const model = await hub.model(wanted);
  const variants = variantsOf(model.files);
  const variant =
    variants.find((each) => each.dtype === dtype) ?? (dtype === undefined ? variants[0] : undefined);
  if (!variant) {
    throw new Error(`${wanted.id} has ${variants.map((each) => each.dtype).join(', ') || 'no ONNX files'}`);
  }
  let lastShown = 0;
  return downloadModel(
    hub,
    new ModelStore(join(cacheDir, 'models')),
    await planDownload(hub, model, variant),
    {
      onProgress: ({ bytes, total }) => {
        if (Date.now() - lastShown > 1000) {
          lastShown = Date.now();
          console.error(`${(bytes / 1e6).toFixed(0)} of ${(total / 1e6).toFixed(0)} MB`);
        }
      },
    },
  );
}

async function factsOf(folder: string, isExact: boolean, pictures: string | undefined): Promise<Fact[]> {
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>;
  const names = graphNames(isExact ? 'fp32' : 'int8');
  const type = config['model_type'];
  if (type === 'clip') {
    return clipFacts(folder, isExact, names, pictures);
  }
  const attention = await AttentionModel.load({ id: folder, folder }, 'native', 2, names);
  if (attention.config.isEncoderDecoder) {
    return generalFacts({ config, attention });
  }
  const language = await LanguageModel.load(folder, names);
  const subject = { folder, isExact, config, attention, language };
  const { numLayers, vocabSize } = attention.config;
  const isSmallGpt2 = type === 'gpt2' && vocabSize === 50257;
  const labels = JSON.stringify(config['id2label'] ?? '');
  return [
    ...(await generalFacts(subject)),
    ...(isSmallGpt2 ? (numLayers === 12 ? await gpt2Facts(subject) : gpt2TokenFacts(subject)) : []),
    ...(type === 'bert' && numLayers === 12 && vocabSize === 30522 ? await bertFacts(subject) : []),
    ...(type === 'distilbert' && /NEGATIVE.*POSITIVE/.test(labels) ? await sst2Facts(subject) : []),
  ];
}

function print(title: string, facts: readonly Fact[]): void {
  console.log(`\n${title}\n`);
  console.log('| | statement | published | found |\n|---|---|---|---|');
  for (const { statement, published, found, holds } of facts) {
    console.log(`| ${holds ? 'holds' : 'DIFFERS'} | ${statement} | ${published} | ${found} |`);
  }
  const held = facts.filter(({ holds }) => holds).length;
  console.log(`\n${held} of ${facts.length} hold.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});

/** A window of its own, for tests that end it in the middle: `node --import tsx downloadChild.ts <endpoint> <folder> <id>`. */
import { downloadModel, planDownload } from '../../src/hub/downloadModel';
import { Hub } from '../../src/hub/hub';
import { ModelStore } from '../../src/hub/modelStore';
import { variantsOf } from '../../src/hub/variants';

async function main(): Promise<void> {
  const [endpoint = '', folder = '', id = ''] = process.argv.slice(2);
  const hub = new Hub({ endpoint, fetch, token: () => Promise.resolve(undefined) });
  const model = await hub.model({ id, revision: 'main' });
  const [variant] = variantsOf(model.files);
  if (!variant) {
    throw new Error('no variant');
  }
  await downloadModel(hub, new ModelStore(folder), await planDownload(hub, model, variant), {
    onProgress: ({ bytes }) => process.stdout.write(`${bytes}\n`),
  });
}

void main();

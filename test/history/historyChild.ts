/** A window of its own that keeps entries: `node --import tsx historyChild.ts <folder> <name> <how many>`. */
import { entryOf } from '../../src/panels/historyEntry';
import { HistoryStore } from '../../src/panels/historyStore';

async function main(): Promise<void> {
  const [folder = '', name = '', count = '0'] = process.argv.slice(2);
  const store = new HistoryStore(folder, (message) => process.stderr.write(message));
  for (let index = 0; index < Number(count); index++) {
    const text = {
      text: `${name} ${index}`,
      wasCut: false,
      uri: '',
      offset: 0,
      name,
      startLine: 1,
      endLine: 1,
    };
    const model = { id: 'scope-bert', folder: '/models/scope-bert' };
    const entry = entryOf({ kind: 'attention', subject: { text }, model }, Date.now());
    await store.put(entry);
    // What both windows have is changed by both.
    const shared = entryOf(
      { kind: 'attention', subject: { picture: 'file:///shared.png' }, model },
      Date.now(),
    );
    await store.put(shared);
    await store.change(shared.id, (before) => ({ ...before, look: { by: name, index } }));
  }
}

void main();

/** Entry of the prompt workbench's page: connects the host to the store and the store to the page. */
import 'vscode-jsonrpc/browser';
import '@vscode/codicons/dist/codicon.css';
import './prompts.css';
import './ways.css';
import './data.css';
import './results.css';
import './evidence.css';
import './inspect.css';
import './empty.css';
import './narrow.css';
import './history.css';
import {
  CellStreamed,
  CellsChanged,
  PromptReady,
  PromptSnapshotChanged,
} from '../../src/protocol/promptPage';
import { ask } from '../../src/protocol/rpc';
import { registerControls } from '../common/controls';
import { connectToHost } from '../common/rpcClient';
import { vscodeApi } from '../common/vscodeApi';
import { Page } from './page';
import { Store } from './store';
import { Verbs } from './verbs';

registerControls();
const connection = connectToHost(vscodeApi);
let store: Store | null = null;
connection.onNotification(PromptSnapshotChanged, (snapshot) => {
  store?.setSnapshot(snapshot);
});
connection.onNotification(CellsChanged, (update) => {
  store?.update(update);
});
connection.onNotification(CellStreamed, ({ cell, text }) => {
  store?.stream(cell, text);
});
connection.listen();

async function start(): Promise<void> {
  const snapshot = await ask(connection, PromptReady, {});
  const root = document.getElementById('root');
  if (!root) {
    throw new Error('The page has no #root.');
  }
  store = new Store(snapshot, vscodeApi);
  new Page(root, store, new Verbs(connection, store));
}

void start();

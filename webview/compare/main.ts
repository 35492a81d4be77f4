/** Entry of the comparison's page: connects the host to the store and the store to the page. */
import 'vscode-jsonrpc/browser';
import '@vscode/codicons/dist/codicon.css';
import './compare.css';
import './blanks.css';
import './uses.css';
import './pretraining.css';
import {
  CompareChanged,
  CompareCursorAt,
  CompareLook,
  ComparePartsChanged,
  CompareReady,
  CompareStreamed,
} from '../../src/protocol/comparePage';
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
connection.onNotification(CompareChanged, (snapshot) => {
  store?.setSnapshot(snapshot);
});
connection.onNotification(ComparePartsChanged, ({ parts, busy }) => {
  store?.setParts(parts, busy);
});
connection.onNotification(CompareStreamed, ({ what, text }) => {
  store?.stream(what, text);
});
connection.onNotification(CompareCursorAt, ({ offset }) => {
  store?.cursorAt(offset);
});
connection.listen();

async function start(): Promise<void> {
  const snapshot = await ask(connection, CompareReady, {});
  const root = document.getElementById('root');
  if (!root) {
    throw new Error('The page has no #root.');
  }
  store = new Store(snapshot, vscodeApi);
  store.onLook((look) => {
    void connection.sendNotification(CompareLook, { look });
  });
  new Page(root, store, new Verbs(connection, store));
}

void start();

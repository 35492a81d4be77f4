/** Entry of the page on which a tiny model is trained: connects the host to the store and the store to the page. */
import 'vscode-jsonrpc/browser';
import '@vscode/codicons/dist/codicon.css';
import './train.css';
import { ask } from '../../src/protocol/rpc';
import {
  TrainAdvanced,
  TrainAsked,
  TrainBegun,
  TrainFailed,
  TrainReady,
  TrainSpeedChanged,
} from '../../src/protocol/trainPage';
import { registerControls } from '../common/controls';
import { connectToHost } from '../common/rpcClient';
import { vscodeApi } from '../common/vscodeApi';
import { Page } from './page';
import { Store } from './store';
import { Verbs } from './verbs';

registerControls();
const connection = connectToHost(vscodeApi);
let store: Store | null = null;
connection.onNotification(TrainBegun, (begun) => store?.begin(begun));
connection.onNotification(TrainAdvanced, (progress) => store?.advance(progress));
connection.onNotification(TrainAsked, ({ question, look }) => store?.asked(question, look));
connection.onNotification(TrainSpeedChanged, (changed) => store?.update(changed));
connection.onNotification(TrainFailed, ({ detail }) => store?.fail(detail));
connection.listen();

async function start(): Promise<void> {
  const snapshot = await ask(connection, TrainReady, {});
  const root = document.getElementById('root');
  if (!root) {
    throw new Error('The page has no #root.');
  }
  store = new Store(snapshot);
  new Page(root, store, new Verbs(connection, store));
}

void start();

/** Entry of the live view's page: connects the host to what is shown. */
import 'vscode-jsonrpc/browser';
import '@vscode/codicons/dist/codicon.css';
import './inspect.css';
import { InspectChanged, InspectReady } from '../../src/protocol/inspectPage';
import { ask } from '../../src/protocol/rpc';
import { registerControls } from '../common/controls';
import { connectToHost } from '../common/rpcClient';
import { vscodeApi } from '../common/vscodeApi';
import { Page } from './page';

registerControls();
const connection = connectToHost(vscodeApi);
let page: Page | null = null;
connection.onNotification(InspectChanged, (snapshot) => {
  page?.show(snapshot);
});
connection.listen();

async function start(): Promise<void> {
  const snapshot = await ask(connection, InspectReady, {});
  const root = document.getElementById('root');
  if (!root) {
    throw new Error('The page has no #root.');
  }
  page = new Page(root, snapshot, connection);
}

void start();

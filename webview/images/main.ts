/** Entry of the page of pictures and words: connects the host to the store and the store to the page. */
import 'vscode-jsonrpc/browser';
import '@vscode/codicons/dist/codicon.css';
import './images.css';
import { ImagesChanged, ImagesReady } from '../../src/protocol/imagePage';
import { DecodePicture } from '../../src/protocol/picture';
import { answer, ask } from '../../src/protocol/rpc';
import { registerControls } from '../common/controls';
import { pictureToPng } from '../common/pictureDecode';
import { connectToHost } from '../common/rpcClient';
import { vscodeApi } from '../common/vscodeApi';
import { Page } from './page';
import { Store } from './store';
import { Thumbnails } from './thumbnails';
import { Verbs } from './verbs';

registerControls();
const connection = connectToHost(vscodeApi);
let store: Store | null = null;
connection.onNotification(ImagesChanged, (changed) => {
  store?.update(changed);
});
answer(connection, DecodePicture, async ({ name, type, bytes }) => ({
  png: await pictureToPng(name, bytes, type),
}));
connection.listen();

async function start(): Promise<void> {
  const snapshot = await ask(connection, ImagesReady, {});
  const root = document.getElementById('root');
  if (!root) {
    throw new Error('The page has no #root.');
  }
  store = new Store(snapshot);
  new Page(root, store, new Verbs(connection, store), new Thumbnails(connection));
}

void start();

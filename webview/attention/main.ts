/** Entry of the attention page: connects the host to the store and the store to the page. */
import 'vscode-jsonrpc/browser';
import '@vscode/codicons/dist/codicon.css';
import './attention.css';
import './overview.css';
import './ranks.css';
import './head.css';
import './number.css';
import './layout.css';
import './steps.css';
import {
  AnalyseText,
  CancelRun,
  Compare,
  LookChanged,
  Perform,
  Ready,
  SaveView,
  SnapshotChanged,
} from '../../src/protocol/attentionPage';
import { DecodePicture } from '../../src/protocol/picture';
import { answer, ask } from '../../src/protocol/rpc';
import { registerControls, registerDropdowns } from '../common/controls';
import { connectToHost } from '../common/rpcClient';
import { vscodeApi } from '../common/vscodeApi';
import { followEditor } from './editorLink';
import { Exporter } from './exporter';
import { HeadSource } from './headSource';
import type { MessageVerbs } from './messages';
import { Page } from './page';
import { pictureToPng } from '../common/pictureDecode';
import { RunViews } from './runViews';
import { ShownPictures } from './shownPictures';
import { Store } from './store';

registerControls();
registerDropdowns();
const connection = connectToHost(vscodeApi);
let store: Store | null = null;
connection.onNotification(SnapshotChanged, (snapshot) => {
  store?.setSnapshot(snapshot);
});
answer(connection, DecodePicture, async ({ name, type, bytes }) => ({
  png: await pictureToPng(name, bytes, type),
}));
answer(connection, SaveView, async ({ format }) => ({ saved: await (await page).saveView(format) }));
connection.listen();

/** The host shows failures of its own commands; a page that is going away has nobody to tell. */
function ignore(): void {
  // Nothing to do.
}

async function start(): Promise<Page> {
  const snapshot = await ask(connection, Ready, {});
  const root = document.getElementById('root');
  if (!root) {
    throw new Error('The page has no #root.');
  }
  store = new Store(snapshot, new HeadSource(connection), new RunViews(connection), vscodeApi);
  followEditor(connection, store);
  store.onLook((runId, look) => {
    void connection.sendNotification(LookChanged, { runId, look });
  });
  const verbs: MessageVerbs = {
    perform: (action) => {
      ask(connection, Perform, { action }).catch(ignore);
    },
    analyse: (text, second) => {
      ask(connection, AnalyseText, second === '' ? { text } : { text, second }).catch(ignore);
    },
    compare: (comparison) => {
      ask(connection, Compare, comparison).catch(ignore);
    },
    cancel: () => {
      ask(connection, CancelRun, {}).catch(ignore);
    },
  };
  const shown = store;
  const pictures = new ShownPictures(connection, () => {
    shown.pictureCame();
  });
  const compared = new HeadSource(connection);
  const made = new Page(
    root,
    store,
    verbs,
    new Exporter(connection, pictures),
    compared,
    pictures,
    connection,
  );
  store.setSnapshot(snapshot);
  return made;
}

const page = start();

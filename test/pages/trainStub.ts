/**
 * The extension host's end of the wire of the training page, played inside the page. Only VS Code and the process are
 * missing: the session, the service and the model that learns are the real ones.
 */
import 'vscode-jsonrpc/browser';
import { TrainSession } from '../../src/panels/trainSession';
import type { RememberedTraining } from '../../src/panels/trainMemory';
import { answerPage } from '../../src/panels/pageAnswers';
import { createRpc } from '../../src/protocol/rpc';
import * as page from '../../src/protocol/trainPage';
import { type TrainStrings, trainStringsEnglish } from '../../src/protocol/trainStrings';
import { presets } from '../../src/train/presets';
import type { WorkerHandle } from '../../src/worker/client';
import { TrainClient } from '../../src/worker/trainClient';
import { answerTraining } from '../../src/worker/trainService';

export interface TrainStart {
  readonly locale: string;
  /** What was on show until VS Code was closed. */
  readonly remembered?: RememberedTraining;
  readonly strings?: TrainStrings;
}

export interface TrainStub {
  /** What would be kept in the workspace's storage. */
  readonly kept: RememberedTraining[];
  /** Ends the process that trains. */
  die(): void;
}

declare global {
  interface Window {
    trainStub: TrainStub;
    trainStart: TrainStart;
  }
}

// Node has it, a page has not.
(window as unknown as { setImmediate: (callback: () => void) => void }).setImmediate = (callback) => {
  setTimeout(callback, 0);
};

type Listener = (message: unknown) => void;

/** Two ends of a wire in one page; messages are copied as between processes. */
function pair(): [WorkerHandle['transport'], WorkerHandle['transport']] {
  const listeners: (Listener | undefined)[] = [undefined, undefined];
  const end = (own: 0 | 1): WorkerHandle['transport'] => ({
    send: (message) => {
      const copy: unknown = structuredClone(message);
      setTimeout(() => listeners[own === 0 ? 1 : 0]?.(copy), 0);
    },
    onMessage: (listener) => {
      listeners[own] = listener;
      return {
        dispose: () => {
          listeners[own] = undefined;
        },
      };
    },
  });
  return [end(0), end(1)];
}

let die: (reason: string) => void = () => undefined;

function startProcess(): WorkerHandle {
  const [host, worker] = pair();
  const connection = createRpc(worker);
  const stop = answerTraining(connection);
  connection.listen();
  return {
    transport: host,
    processId: 1,
    onExit: (listener) => {
      die = (reason) => {
        stop();
        connection.dispose();
        listener(reason);
      };
    },
    kill: () => die('SIGKILL'),
  };
}

let deliver: Listener = () => undefined;
const connection = createRpc({
  send: (message) => {
    window.postMessage(structuredClone(message), '*');
  },
  onMessage: (listener) => {
    deliver = listener;
    return { dispose: () => undefined };
  },
});
window.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => {
    const copy: unknown = structuredClone(message);
    setTimeout(() => deliver(copy), 0);
  },
  getState: () => undefined,
  setState: () => undefined,
});

const { locale, remembered, strings = trainStringsEnglish } = window.trainStart;
const kept: RememberedTraining[] = [];
const client = new TrainClient(startProcess, {
  progress: (progress) => session.advanced(progress),
  died: (detail) => {
    session.died();
    void connection.sendNotification(page.TrainFailed, { detail });
  },
  log: () => undefined,
});
const session: TrainSession = new TrainSession(
  client,
  {
    begun: (begun) => void connection.sendNotification(page.TrainBegun, begun),
    advanced: (progress) => void connection.sendNotification(page.TrainAdvanced, progress),
    asked: (question, look) => void connection.sendNotification(page.TrainAsked, { question, look }),
    speedChanged: (speed) => void connection.sendNotification(page.TrainSpeedChanged, { speed }),
    keep: (each) => void kept.push(each),
  },
  remembered,
  remembered !== undefined,
);
window.trainStub = { kept, die: () => die('exit code 1') };

answerPage(connection, page.TrainReady, async () => ({
  ...(await session.ready()),
  locale,
  strings,
  presets,
}));
const done = async (work: Promise<unknown>): Promise<null> => {
  await work;
  return null;
};
answerPage(connection, page.ChangeSettings, ({ settings, preset }) => done(session.change(settings, preset)));
answerPage(connection, page.Train, ({ action }) => done(session.do(action)));
answerPage(connection, page.ChangeSpeed, ({ speed }) => done(session.changeSpeed(speed)));
answerPage(connection, page.AskTyped, async ({ question }) => ({ accepted: await session.ask(question) }));
answerPage(connection, page.LookAtStep, ({ step }) => session.lookAt(step));
connection.listen();

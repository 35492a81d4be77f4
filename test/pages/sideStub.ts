/** The extension host's end of the wire of the side bar's pages, played inside the page: it speaks the real protocol. */
import 'vscode-jsonrpc/browser';
import * as inspect from '../../src/protocol/inspectPage';
import * as learn from '../../src/protocol/learnPage';
import { answerPage } from '../../src/panels/pageAnswers';
import { createRpc } from '../../src/protocol/rpc';

export interface SideStart {
  readonly inspect?: inspect.InspectSnapshot;
  readonly learn?: learn.LearnSnapshot;
}

export interface SideStub {
  /** What was asked, as `method parameters`. */
  readonly calls: string[];
  show(next: SideStart): void;
}

declare global {
  interface Window {
    sideStub: SideStub;
    sideStart: SideStart;
  }
}

const calls: string[] = [];
let deliver: (message: unknown) => void = () => undefined;
let saved: unknown;

const connection = createRpc({
  send: (message) => {
    window.postMessage(structuredClone(message), '*');
  },
  onMessage: (listener) => {
    deliver = listener;
    return { dispose: () => undefined };
  },
});

/** A snapshot that the page asks for as it starts; another page of the side bar has none. */
function ready<T>(snapshot: T | undefined): T {
  if (!snapshot) {
    throw new Error('The other page was opened.');
  }
  return snapshot;
}

answerPage(connection, inspect.InspectReady, () => ready(window.sideStart.inspect));
answerPage(connection, learn.LearnReady, () => ready(window.sideStart.learn));
for (const type of [
  inspect.PauseInspect,
  inspect.InspectAttention,
  inspect.InspectAct,
  learn.DoStep,
  learn.MarkStep,
  learn.ResetCourse,
]) {
  connection.onRequest(type.method, (params: unknown) => {
    calls.push(`${type.method} ${JSON.stringify(params)}`);
    return null;
  });
}
connection.listen();

window.sideStub = {
  calls,
  show: (next) => {
    if (next.inspect) {
      void connection.sendNotification(inspect.InspectChanged, next.inspect);
    }
    if (next.learn) {
      void connection.sendNotification(learn.LearnChanged, next.learn);
    }
  },
};

Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (message: unknown) => {
      deliver(structuredClone(message));
    },
    getState: () => saved,
    setState: (state: unknown) => {
      saved = state;
    },
  }),
});

import * as vscode from 'vscode';
import { notifyFailure } from '../host/notify';
import { createRpc } from '../host/rpcRuntime';
import type { ErrorData } from '../protocol/errors';
import type { MessageConnection, NotificationType, RequestType } from '../protocol/jsonrpc';
import { pageHtml } from './html';
import { answerPage, hearPage } from './pageAnswers';
import { webviewTransport } from './webviewTransport';

/** The host's end of a page whose failures are told as messages. */
export class PageConnection {
  readonly wire: MessageConnection;

  constructor(
    private readonly panel: vscode.WebviewPanel | vscode.WebviewView,
    private readonly extensionUri: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
    /** Told what the page asked for, once it has been answered. */
    private readonly answered: (method: string, params: unknown) => void = () => undefined,
  ) {
    this.wire = createRpc(webviewTransport(panel.webview));
  }

  /** Answers a request of which the page itself tells what went wrong. */
  answer<P, R>(type: RequestType<P, R, ErrorData>, handle: (params: P) => Promise<R> | R): void {
    answerPage(this.wire, type, handle);
  }

  /** Listens to what the page only tells. */
  hear<P>(type: NotificationType<P>, handle: (params: P) => void): void {
    hearPage(this.wire, type, handle);
  }

  /** Answers a request of the page; what goes wrong is told to the person, and to the page. */
  on<P, R>(type: RequestType<P, R, ErrorData>, handle: (params: P) => Promise<R> | R): void {
    answerPage(this.wire, type, async (params) => {
      try {
        const result = await handle(params);
        this.answered(type.method, params);
        return result;
      } catch (error) {
        notifyFailure(error, this.log);
        throw error;
      }
    });
  }

  /** The same for work without a result. */
  onDo<P>(type: RequestType<P, null, ErrorData>, handle: (params: P) => unknown): void {
    this.on(type, async (params) => {
      await handle(params);
      return null;
    });
  }

  /** Loads the page, once everything that it may ask has an answer. */
  start(page: string, onClosed: () => void): void {
    const { panel, extensionUri, wire } = this;
    wire.listen();
    if ('iconPath' in panel) {
      panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
    }
    panel.webview.html = pageHtml(panel.webview, extensionUri, page);
    panel.onDidDispose(() => {
      onClosed();
      wire.dispose();
    });
  }
}

import type * as vscode from 'vscode';
import type { Transport } from '../protocol/rpc';

/** The host's end of a webview's message channel. */
export function webviewTransport(webview: vscode.Webview): Transport {
  return {
    // A hidden page drops messages; it asks for everything when it is back.
    send: (message) => void webview.postMessage(message),
    onMessage: (listener) => webview.onDidReceiveMessage(listener),
  };
}

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import { closeEditors, showText } from './editors';
import { theExtension } from './extension';

/**
 * Runs every command while three things listen: a proxy that everything is to go through and that refuses, each
 * connection of the extension's process, and each of the inference process. None may be made.
 */

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string }[]>>;
  };
}

/** Puts down where each socket of its process is to go; the inference process begins with it. */
const watcher = `
const { Socket } = require('node:net');
const { appendFileSync } = require('node:fs');
const { connect } = Socket.prototype;
Socket.prototype.connect = function (...given) {
  const { host, port, path } = Object(Array.isArray(given[0]) ? given[0][0] : given[0]);
  appendFileSync(FILE, ['inference', host, port, path].join(' ') + '\\n');
  return connect.apply(this, given);
};
appendFileSync(FILE, 'started\\n');
`;

describe('The network', function () {
  this.timeout(300_000);
  let api: ExtensionApi;
  let manifest: Manifest;
  let proxy: Server;
  let folder: string;
  let log: string;
  const made: string[] = [];
  const { connect } = Socket.prototype;
  const before_ = process.env['NODE_OPTIONS'];
  const http = (key: string, value: unknown): Thenable<void> =>
    vscode.workspace.getConfiguration('http').update(key, value, vscode.ConfigurationTarget.Global);

  before(async () => {
    const found = await theExtension();
    api = found.exports;
    manifest = found.packageJSON as Manifest;
    // A connection that is cut without an answer would be tried again without an end.
    proxy = createServer((_, response) => {
      made.push('proxy');
      response.writeHead(502).end();
    });
    proxy.on('connect', (_, socket: Socket) => {
      made.push('proxy');
      socket.end('HTTP/1.1 502 Refused\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    await http('proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    folder = mkdtempSync(join(tmpdir(), 'transformer-scope-silence-'));
    log = join(folder, 'connections.txt');
    writeFileSync(log, '');
    const script = join(folder, 'watcher.cjs');
    writeFileSync(script, watcher.replaceAll('FILE', JSON.stringify(log)));
    process.env['NODE_OPTIONS'] = `--require ${JSON.stringify(script)}`;
    await vscode.commands.executeCommand('transformerScope.unloadModels');
    Socket.prototype.connect = function (this: Socket, ...given: unknown[]): Socket {
      const first: unknown = Array.isArray(given[0]) ? given[0][0] : given[0];
      const { host, port, path } = Object(first) as Record<string, unknown>;
      made.push(['extension', host, port, path].join(' '));
      return (connect as (...all: unknown[]) => Socket).apply(this, given);
    } as typeof connect;
  });
  after(async () => {
    Socket.prototype.connect = connect;
    if (before_ === undefined) {
      delete process.env['NODE_OPTIONS'];
    } else {
      process.env['NODE_OPTIONS'] = before_;
    }
    await http('proxy', undefined);
    proxy.close();
    proxy.closeAllConnections();
    await vscode.commands.executeCommand('transformerScope.unloadModels');
    await closeEditors();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a command; whatever it asks is dismissed. */
  const dismissing = async (command: string, ...given: unknown[]): Promise<void> => {
    let isDone = false;
    const running = Promise.resolve(vscode.commands.executeCommand(command, ...given)).finally(
      () => (isDone = true),
    );
    for (let tries = 0; !isDone && tries < 1000; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      // A second for what a list shows at first.
      if (tries > 20) {
        await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      }
    }
    assert.ok(isDone, `${command} did not end`);
    await running;
  };
  const connections = (): string[] => [
    ...made,
    ...readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('inference')),
  ];

  it('is noticed when it is used', async () => {
    const answer = await fetch('http://transformer-scope.invalid/').catch(() => undefined);
    assert.ok(answer === undefined || answer.status === 502);
    assert.ok(made.includes('proxy') && made.some((each) => each.startsWith('extension')), made.join());
    made.length = 0;
  });

  it('is left alone by every command that is not for downloads', async () => {
    const [picture] = await vscode.workspace.findFiles('images/*.png', undefined, 1);
    const ofFiles = new Set(manifest.contributes.menus['explorer/context']?.map(({ command }) => command));
    for (const { command } of manifest.contributes.commands) {
      const editor = await showText('The cat sat on the mat because it was warm.');
      // A single text is remembered for the next time; the next test would meet it.
      const second = command.endsWith('measureSimilarity') ? [new vscode.Selection(0, 31, 0, 42)] : [];
      editor.selections = [new vscode.Selection(0, 0, 0, 22), ...second];
      await dismissing(command, ...(ofFiles.has(command) && picture ? [picture] : []));
      assert.deepEqual(connections(), [], command);
    }
    assert.equal(api.attentionState().kind, 'ready');
    assert.match(readFileSync(log, 'utf8'), /^started/, 'the inference process was not watched');
  });
});

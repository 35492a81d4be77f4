import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCodeServer } from './codeServerInstall';
import { linkExtension } from './extensionLink';
import { type GuardedProcess, startGuarded } from './guarded';
import { onInterrupt } from './interrupt';
import { writeLanguagePack } from './languagePack';
import { quietSettings } from './serverSettings';

export interface ServerOptions {
  /** A port, or nothing for a free one. */
  readonly port?: number;
  /** Where the server keeps its data, or nothing for a folder that is removed at the end. */
  readonly dataDir?: string;
  /** Added to the quiet settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The folder that is open when the address names none. */
  readonly folder?: string;
  /** The display language, `en` when absent. */
  readonly locale?: string;
  /** An extension to be installed, by the folder in which it is built. */
  readonly extensionDir?: string;
  /** Lets an address name the extension and the tests to run; a built VS Code ignores that otherwise. */
  readonly testDriver?: boolean;
  /** Secret that the address has to carry. Absent: whoever reaches the port may enter. */
  readonly token?: string;
  /** Added to the environment, of the extension host too. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface CodeServer {
  /** Without a slash at the end. */
  readonly origin: string;
  readonly port: number;
  /** Resolves when it has ended without being stopped. */
  readonly crashed: Promise<number>;
  recentOutput(): string;
  stop(): Promise<void>;
}

const readyMs = 60_000;
/** It reports at length that its native log module was not compiled. */
const noise = /spdlog|^\s|^}/;

/** Starts VS Code's server on the loopback interface and waits until it answers. */
export async function startServer(options: ServerOptions = {}): Promise<CodeServer> {
  const { node, main } = await ensureCodeServer();
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'transformer-scope-server-')));
  await seed(dataDir, options);
  let stopping = false;
  let announce: (port: number) => void = () => undefined;
  const listening = new Promise<number>((resolve) => (announce = resolve));
  const server = startGuarded(node, [main, ...flags(dataDir, options)], {
    env: environment(options.env),
    forget: noise,
    onLine: (line) => {
      const port = /agent listening on (\d+)/.exec(line)?.[1];
      if (port !== undefined) {
        announce(Number(port));
      }
    },
  });
  const stop = onInterrupt(async () => {
    stopping = true;
    await server.stop();
    if (options.dataDir === undefined) {
      await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
    }
  });
  try {
    const port = await firstOf(listening, server);
    const crashed = new Promise<number>((resolve) => {
      void server.exited.then((code) => stopping || resolve(code));
    });
    return {
      origin: `http://127.0.0.1:${port}`,
      port,
      crashed,
      recentOutput: () => server.recentOutput(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function flags(dataDir: string, options: ServerOptions): string[] {
  return [
    ...['--host', '127.0.0.1', '--port', String(options.port ?? 0)],
    ...(options.token === undefined ? ['--without-connection-token'] : ['--connection-token', options.token]),
    ...['--accept-server-license-terms', '--telemetry-level', 'off', '--disable-workspace-trust'],
    ...['--server-data-dir', dataDir],
    ...(options.folder === undefined ? [] : ['--default-folder', options.folder]),
    ...(options.locale === undefined ? [] : ['--locale', options.locale]),
    ...(options.testDriver ? ['--enable-smoke-test-driver'] : []),
  ];
}

/** Settings are written once: what a person changes in a server that keeps its data stays changed. */
async function seed(dataDir: string, options: ServerOptions): Promise<void> {
  const userDir = join(dataDir, 'data', 'User');
  const file = join(userDir, 'settings.json');
  await mkdir(userDir, { recursive: true });
  if (!existsSync(file)) {
    await writeFile(file, JSON.stringify({ ...quietSettings, ...options.settings }, undefined, 2));
  }
  if (options.extensionDir !== undefined) {
    await linkExtension(dataDir, options.extensionDir);
  }
  if (options.locale !== undefined) {
    await writeLanguagePack(join(dataDir, 'data'), options.locale);
  }
}

/** A terminal inside VS Code describes that VS Code in its environment; ours must not listen to it. */
function environment(added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const outer = /^(VSCODE_|ELECTRON_|NODE_OPTIONS$|npm_)/i;
  const kept = Object.entries(process.env).filter(([name]) => !outer.test(name));
  return { ...Object.fromEntries(kept), ...added };
}

async function firstOf(listening: Promise<number>, server: GuardedProcess): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failure(`did not answer within ${readyMs / 1000} s`)), readyMs);
  });
  const ended = server.exited.then((code) => Promise.reject(failure(`ended with code ${code}`)));
  const failure = (what: string): Error => new Error(`VS Code's server ${what}:\n${server.recentOutput()}`);
  try {
    return await Promise.race([listening, late, ended]);
  } finally {
    clearTimeout(timer);
    // Its later end is no error.
    ended.catch(() => undefined);
  }
}

/**
 * `npm start`: opens VS Code with the extension and the sample workspace. The installed desktop VS Code where it
 * can be used, VS Code for the browser otherwise.
 *
 *     npm start -- [--browser] [--port <number>] [--locale zh-cn] [--no-open]
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { build } from './build';
import { startServer } from './codeServer';
import { findDesktop, openDesktop } from './desktopCode';
import { messageOf, step } from './log';
import { openInBrowser } from './openInBrowser';
import { root, sampleDir } from './paths';

const whatToTry =
  'Open english.md, select "The cat sat on the mat", right-click and choose "Transformer Scope".';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      browser: { type: 'boolean', default: false },
      'no-desktop': { type: 'boolean', default: false },
      'no-open': { type: 'boolean', default: false },
      port: { type: 'string' },
      locale: { type: 'string' },
    },
  });
  build();
  const desktop = values.browser || values['no-desktop'] ? 'the browser was asked for' : findDesktop();
  if (typeof desktop !== 'string') {
    step(`Opening VS Code ${desktop.version} (${desktop.command})…`);
    await openDesktop(desktop, root, sampleDir);
    step(`Opened. ${whatToTry}`);
    return;
  }
  step(`Starting VS Code for the browser, for ${desktop}…`);
  await serve(values.port, values.locale, !values['no-open']);
}

async function serve(port: string | undefined, locale: string | undefined, open: boolean): Promise<void> {
  // Other accounts of this machine and other pages of the browser reach the port too: they lack the token.
  const token = randomBytes(16).toString('hex');
  const server = await startServer({
    token,
    folder: sampleDir,
    extensionDir: root,
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(locale === undefined ? {} : { locale }),
  });
  const address = `${server.origin}/?tkn=${token}`;
  step('Ready. Open this address in a browser on this machine:');
  console.log(address);
  step(whatToTry);
  if (open && openInBrowser(address)) {
    step('Opened it in the default browser.');
  }
  step('Press Ctrl-C to stop.');
  const code = await server.crashed;
  throw new Error(`VS Code's server ended by itself with code ${code}:\n${server.recentOutput()}`);
}

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exit(1);
});

import { spawn } from 'node:child_process';

/** Opens an address in the default browser where there is a display; says whether it tried. */
export function openInBrowser(address: string): boolean {
  const command = opener();
  if (command === undefined) {
    return false;
  }
  const [program, ...args] = [...command, address];
  const child = spawn(program ?? '', args, { stdio: 'ignore', detached: true });
  // The address is printed anyway.
  child.on('error', () => undefined);
  child.unref();
  return true;
}

function opener(): string[] | undefined {
  switch (process.platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler'];
    default:
      return process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'] ? ['xdg-open'] : undefined;
  }
}

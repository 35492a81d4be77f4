import { closeSync, existsSync, openSync, readSync } from 'node:fs';

const intervalMs = 200;

/** Prints what another process appends to a file; the returned function prints the rest and ends it. */
export function followFile(file: string): () => void {
  let offset = 0;
  const buffer = Buffer.alloc(65_536);
  const printNew = (): void => {
    if (!existsSync(file)) {
      return;
    }
    const handle = openSync(file, 'r');
    for (let length = 1; length > 0;) {
      length = readSync(handle, buffer, 0, buffer.length, offset);
      offset += length;
      process.stdout.write(buffer.subarray(0, length));
    }
    closeSync(handle);
  };
  const timer = setInterval(printNew, intervalMs);
  return () => {
    clearInterval(timer);
    printNew();
  };
}

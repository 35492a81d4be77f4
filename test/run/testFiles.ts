import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Every test file below a folder, found by its name so that none has to be listed. */
export function testFiles(folder: string, ending = '.test.ts'): string[] {
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
}

import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { StageResult } from './counts';
import { type MochaStage, runMocha } from './mochaStage';

/**
 * Runs a stage's files in two Mocha processes at once where there are cores for it: most tests keep one busy. The lines of
 * the second are printed when the first has ended, so that the log reads as if one had followed the other.
 */
export async function runInShards(stage: Omit<MochaStage, 'onLine'>): Promise<StageResult[]> {
  const shards = deal(stage.files, Math.min(2, availableParallelism()));
  const held: string[] = [];
  let isFirstDone = false;
  const running = shards.map(async (files, index) => {
    const name = shards.length === 1 ? stage.name : `${stage.name} (${index + 1} of ${shards.length})`;
    const onLine = (line: string): void => {
      if (index === 0 || isFirstDone) {
        console.log(line);
      } else {
        held.push(line);
      }
    };
    const result = await runMocha({ ...stage, name, files, onLine });
    if (index === 0) {
      isFirstDone = true;
      held.splice(0).forEach((line) => console.log(line));
    }
    return result;
  });
  return Promise.all(running);
}

/** Deals files out, the largest first and each to the shard that has least: a file's length is a guess at its time. */
function deal(files: readonly string[], numShards: number): string[][] {
  const shards = Array.from({ length: numShards }, () => ({ bytes: 0, files: [] as string[] }));
  const sized = files.map((file) => ({ file, bytes: statSync(file).size })).sort((a, b) => b.bytes - a.bytes);
  for (const { file, bytes } of sized) {
    const least = shards.reduce((a, b) => (b.bytes < a.bytes ? b : a));
    least.files.push(file);
    least.bytes += bytes;
  }
  return shards.filter((shard) => shard.files.length > 0).map((shard) => shard.files.sort());
}

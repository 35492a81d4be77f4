/**
 * `npm run models:evaluate [-- id…]`: measures the bundled models again, through the extension's own engine and on
 * held-out items that are shipped or drawn by a seed, and holds what their cards say against that. Exits with 1
 * when a card overstates. Without ids all are measured; scope-gpt-instruct answers the bundled tasks, as
 * `npm run evaluate:prompts` does, and takes longest.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type RuntimeKind, configureRuntime } from '../../src/inference/runtime';
import { type BertFigures, type SentimentFigures, bertFigures, sentimentFigures } from './encoders';
import { type Figure, report, sameItems } from './figures';
import { type GptFigures, type Seq2SeqFigures, gptFigures, seq2seqFigures } from './generators';
import { type ClipFigures, clipFigures } from './towers';
import { readWritten } from './writtenText';

interface PromptFigures {
  readonly tasks: Readonly<
    Record<string, Readonly<Record<string, { accuracy: number | null; formatKept: number | null }>>>
  >;
}

const root = join(__dirname, '..', '..');

async function main(): Promise<void> {
  const runtime = await configureRuntime({
    kind: 'auto',
    wasmFolder: dirname(require.resolve('onnxruntime-web')),
    numThreads: 2,
  });
  const { models } = JSON.parse(readFileSync(join(root, 'models', 'manifest.json'), 'utf8')) as {
    models: { id: string; figures: unknown }[];
  };
  const asked = process.argv.slice(2);
  const unknown = asked.filter((id) => !models.some((model) => model.id === id));
  if (unknown.length > 0) {
    throw new Error(`No bundled model is called ${unknown.join(', ')}.`);
  }
  let numOverstated = 0;
  for (const { id, figures } of models.filter((model) => asked.length === 0 || asked.includes(model.id))) {
    const found = await measure(id, figures, runtime);
    if (found) {
      numOverstated += report(id, found);
    } else {
      console.log(`\n${id}: not measured here; see its recipe in models/training`);
    }
  }
  process.exitCode = numOverstated > 0 ? 1 : 0;
}

function measure(
  id: string,
  figures: unknown,
  runtime: RuntimeKind,
): Promise<Figure[]> | Figure[] | undefined {
  const written = readWritten(root);
  switch (id) {
    case 'scope-bert':
      return bertFigures(root, runtime, figures as BertFigures, written);
    case 'scope-bert-sentiment':
    case 'scope-bert-sentiment-scratch':
      return sentimentFigures(root, id, figures as SentimentFigures, written);
    case 'scope-gpt':
      return gptFigures(root, figures as GptFigures);
    case 'scope-gpt-instruct':
      return promptFigures(id, figures as PromptFigures);
    case 'scope-seq2seq':
      return seq2seqFigures(root, figures as Seq2SeqFigures);
    case 'scope-clip':
      return clipFigures(root, figures as ClipFigures);
    default:
      return undefined;
  }
}

/** The bundled tasks, answered anew in a process of their own: there the engine runs as in the editor. */
function promptFigures(id: string, stated: PromptFigures): Figure[] {
  try {
    execFileSync(process.execPath, ['--import', 'tsx', join(__dirname, 'prompts.ts'), id], {
      cwd: root,
      stdio: 'inherit',
    });
  } catch {
    // It exits with 1 where a claim of the course does not hold; what counts here are the figures it wrote.
  }
  const found = JSON.parse(readFileSync(join(root, 'out', `prompts-${id}.json`), 'utf8')) as PromptFigures;
  return Object.entries(stated.tasks).flatMap(([task, ways]) =>
    Object.entries(ways).flatMap(([way, { accuracy, formatKept }]) =>
      (
        [
          ['accuracy', accuracy],
          ['formatKept', formatKept],
        ] as const
      ).flatMap(([key, value]) =>
        value === null
          ? []
          : {
              name: `${task}, ${way}, ${key}`,
              ...{ stated: value, measured: found.tasks[task]?.[way]?.[key] ?? NaN, slack: sameItems },
            },
      ),
    ),
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

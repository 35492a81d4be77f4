import { parseDocument } from 'yaml';
import { readStudy, studyDocument } from '../prompts/studyFile';
import type { AskedModel, Scorer, Study } from '../protocol/prompts';
import { type Fields, type Splice, patchYaml, spliced } from './yamlPatch';

/**
 * What an edit of a study changes in its suite's text. Comments and whatever the edit leaves alone stay as they
 * are written; where the text cannot be changed in place, it is written anew with its comments.
 * @param written how a file names a model, e.g. a bundled one by its id
 */
export function editSuite(
  text: string,
  before: Study,
  after: Study,
  written: (model: AskedModel) => unknown,
): Splice[] {
  const fields = (study: Study): Fields => ({
    ...studyDocument(study),
    models: study.models.map(written),
    task: { ...study.task, scorer: writtenScorer(study.task.scorer, written) },
  });
  const unix = text.replaceAll('\r\n', '\n');
  // What a file leaves out is worded by its kind of task, so another kind comes first and alone.
  const { kind, language } = after.task;
  const isOther = kind !== before.task.kind || language !== before.task.language;
  const between = isOther ? { ...before, task: { ...before.task, kind, language } } : after;
  const splices = patchYaml(unix, fields(before), fields(between));
  if (splices && means(spliced(unix, splices), after)) {
    return inOwnLines(text, unix, splices);
  }
  let now = splices ? spliced(unix, splices) : unix;
  for (let round = 0; round < 2 && !means(now, after); round++) {
    const study = readAgain(now, before);
    const more = study && patchYaml(now, fields(study), fields(after));
    now = more ? spliced(now, more) : now;
  }
  const wanted = means(now, after) ? now : rewritten(unix, fields(before), fields(after));
  return inOwnLines(text, unix, difference(unix, wanted));
}

/** The study that a text under change says, with the models that it is asked of where it names none. */
function readAgain(text: string, { id, models }: Study): Study | undefined {
  try {
    const { study } = readStudy(text, id);
    return study.models.length > 0 ? study : { ...study, models };
  } catch {
    return undefined;
  }
}

function writtenScorer({ judge, ...scorer }: Scorer, written: (model: AskedModel) => unknown): unknown {
  return judge ? { ...scorer, judge: { ...judge, model: written(judge.model) } } : scorer;
}

/** Whether a text says what a study is; its models by name, since a file may leave their folders out. */
function means(text: string, study: Study): boolean {
  try {
    const { study: read } = readStudy(text, study.id);
    const scorer = (each: Study): unknown => writtenScorer(each.task.scorer, ({ id }) => id);
    const plain = (each: Study): string =>
      JSON.stringify({
        ...studyDocument(each),
        id: '',
        models: [],
        task: { ...each.task, scorer: scorer(each) },
      });
    const names = (each: Study): string => each.models.map(({ id }) => id).join('\n');
    return plain(read) === plain(study) && (read.models.length === 0 || names(read) === names(study));
  } catch {
    return false;
  }
}

/** Every field that differs set anew; comments stay where the library can keep them. */
function rewritten(text: string, before: Fields, after: Fields): string {
  const document = parseDocument(text);
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) {
      if (after[key] === undefined) {
        document.delete(key);
      } else {
        document.set(key, document.createNode(after[key]));
      }
    }
  }
  return document.toString({ lineWidth: 0 });
}

/** The one piece in which two texts differ. */
function difference(text: string, wanted: string): Splice[] {
  let start = 0;
  while (start < text.length && text[start] === wanted[start]) {
    start++;
  }
  if (start === text.length && start === wanted.length) {
    return [];
  }
  let tail = 0;
  const most = Math.min(text.length, wanted.length) - start;
  while (tail < most && text.at(-1 - tail) === wanted.at(-1 - tail)) {
    tail++;
  }
  return [{ start, end: text.length - tail, text: wanted.slice(start, wanted.length - tail) }];
}

/** The same splices in a text whose lines may end in two characters. */
function inOwnLines(text: string, unix: string, splices: readonly Splice[]): Splice[] {
  if (text === unix) {
    return [...splices];
  }
  const starts: number[] = [];
  for (let at = text.indexOf('\r\n'); at >= 0; at = text.indexOf('\r\n', at + 2)) {
    starts.push(at - starts.length);
  }
  // Each line that ends before an offset was one character longer.
  const longer = (offset: number): number => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      [low, high] = starts[middle]! < offset ? [middle + 1, high] : [low, middle];
    }
    return offset + low;
  };
  return splices.map(({ start, end, text: piece }) => ({
    start: longer(start),
    end: longer(end),
    text: piece.replaceAll('\n', '\r\n'),
  }));
}

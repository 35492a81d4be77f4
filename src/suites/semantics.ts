import { presetTask } from '../prompts/presets';
import { fewestItems } from '../prompts/results';
import { schemaProblem } from '../prompts/schemaCode';
import { patternProblem } from '../prompts/scorers';
import { normalised } from '../prompts/textScores';
import { parseStrategyId } from '../prompts/strategy';
import { taskKinds } from '../protocol/prompts';
import type { ProblemKind, SuiteProblem } from './problems';
import type { Span, YamlTree } from './yamlTree';

export type AddProblem = (
  kind: ProblemKind,
  span: Span,
  severity: SuiteProblem['severity'],
  ...args: (string | number)[]
) => void;

type Fields = Readonly<Record<string, unknown>>;

/** What a suite that fits its schema may still get wrong. Anything of the wrong type is left to the schema. */
export function semanticProblems(
  tree: YamlTree,
  suite: Fields,
  models: readonly string[],
  add: AddProblem,
): void {
  const task = fields(suite['task']);
  const kind = taskKinds.find((each) => each === task['kind']);
  const preset = presetTask(kind ?? 'custom', task['language'] === 'zh' ? 'zh' : 'en');
  const scorer = fields(task['scorer']);
  const scorerKind = typeof scorer['kind'] === 'string' ? scorer['kind'] : preset.scorer.kind;
  const labels = Array.isArray(task['labels']) ? task['labels'].map(String) : preset.labels;
  checkScorer(tree, task, scorerKind, labels, add);
  checkExamples(tree, task, kind === 'classify' ? labels : [], add);
  checkItems(tree, task, { kind, scorerKind, labels }, add);
  checkWays(tree, suite, task, add);
  checkModels(tree, suite, models, add);
}

function checkScorer(
  tree: YamlTree,
  task: Fields,
  scorerKind: string,
  labels: readonly string[],
  add: AddProblem,
): void {
  const pattern = fields(task['scorer'])['pattern'];
  const at = ['task', 'scorer'];
  if (typeof pattern === 'string') {
    const problem = patternProblem(pattern);
    if (problem !== undefined) {
      add('pattern', tree.span([...at, 'pattern']), 'error', problem);
    }
  } else if (scorerKind === 'regex') {
    add('noPattern', tree.span([...at, 'kind']), 'warning');
  }
  if (scorerKind === 'choice' && labels.length < 2) {
    add('choiceNeedsLabels', tree.span([...at, 'kind']), 'warning');
  }
  const schema = fields(task['format'])['schema'];
  if (typeof schema === 'object' && schema !== null) {
    const problem = schemaProblem(schema);
    if (problem !== undefined) {
      add('schema', tree.span(['task', 'format', 'schema']), 'error', problem);
    }
  }
}

function checkExamples(tree: YamlTree, task: Fields, labels: readonly string[], add: AddProblem): void {
  const seen = new Map<string, number>();
  const limited = labelSet(labels);
  listOf(task['examples']).forEach((example, index) => {
    const at = ['task', 'examples', index];
    unknownLabel(tree, [...at, 'output'], example['output'], limited, add);
    const input = textOf(example['input']);
    if (input === undefined) {
      return;
    }
    const before = seen.get(input);
    if (before !== undefined) {
      add('duplicateExample', tree.span([...at, 'input']), 'warning', lineOf(tree, 'examples', before));
    } else {
      seen.set(input, index);
    }
  });
}

/** Ways of asking of which a threshold is looked at. */
const mostThresholds = 500;
/** Scorers that judge an answer by itself. */
const needsNoAnswer = new Set(['manual', 'json', 'regex', 'judge', 'javascript']);

function checkItems(
  tree: YamlTree,
  task: Fields,
  { kind, scorerKind, labels }: { kind: string | undefined; scorerKind: string; labels: readonly string[] },
  add: AddProblem,
): void {
  const items = listOf(task['items']);
  const examples = new Map(
    listOf(task['examples']).map((example, index) => [textOf(example['input']), index] as const),
  );
  const seen = new Map<string, number>();
  const judges = !needsNoAnswer.has(scorerKind);
  const limited = labelSet(kind === 'classify' || scorerKind === 'choice' ? labels : []);
  items.forEach((item, index) => {
    const at = ['task', 'items', index];
    unknownLabel(tree, [...at, 'expected'], item['expected'], limited, add);
    if (judges && (item['expected'] ?? undefined) === undefined) {
      add('notExpected', tree.headSpan(at), 'hint', scorerKind);
    }
    const input = textOf(item['input']);
    if (input === undefined) {
      return;
    }
    const before = seen.get(input);
    const example = examples.get(input);
    if (before !== undefined) {
      const isSame = JSON.stringify(items[before]?.['expected']) === JSON.stringify(item['expected']);
      const problem = isSame ? 'duplicateItem' : 'conflictingItem';
      add(problem, tree.span([...at, 'input']), 'warning', lineOf(tree, 'items', before));
    } else {
      seen.set(input, index);
    }
    if (example !== undefined) {
      add('itemIsExample', tree.span([...at, 'input']), 'warning', lineOf(tree, 'examples', example));
    }
  });
  if (items.length > 0 && items.length < fewestItems) {
    add('fewItems', tree.headSpan(['task', 'items']), 'hint', fewestItems, items.length);
  }
}

function checkWays(tree: YamlTree, suite: Fields, task: Fields, add: AddProblem): void {
  const examples = listOf(task['examples']);
  const ways = Array.isArray(suite['strategies']) ? suite['strategies'].map(String) : [];
  const nobodyReasons = examples.every((each) => textOf(each['reasoning']) === undefined);
  const seen = new Set<string>();
  ways.forEach((way, index) => {
    const span = tree.span(['strategies', index]);
    const strategy = parseStrategyId(way);
    if (!strategy) {
      return;
    }
    if (seen.has(way)) {
      add('duplicateStrategy', span, 'warning');
    }
    seen.add(way);
    if (strategy.shots > examples.length) {
      add('tooFewExamples', span, 'warning', way, strategy.shots, examples.length);
    } else if (strategy.reasoning && strategy.shots > 0 && nobodyReasons) {
      add('noReasoning', span, 'warning', way);
    }
  });
  const threshold = suite['threshold'];
  if (typeof threshold === 'object' && threshold !== null && ways.length > 0) {
    for (const way of Object.keys(threshold).slice(0, mostThresholds)) {
      if (!seen.has(way) && parseStrategyId(way)) {
        const span = tree.keySpan(['threshold', way]) ?? tree.span(['threshold']);
        add('thresholdUnused', span, 'warning', way);
      }
    }
  }
}

function checkModels(tree: YamlTree, suite: Fields, known: readonly string[], add: AddProblem): void {
  if (!Array.isArray(suite['models'])) {
    return;
  }
  suite['models'].forEach((entry: unknown, index) => {
    const model = typeof entry === 'string' ? { id: entry } : fields(entry);
    const isLocal = model['provider'] === undefined || model['provider'] === 'local';
    const at = ['models', index];
    const needed = isLocal ? ['id'] : model['provider'] === 'server' ? ['model', 'endpoint'] : ['model'];
    for (const name of needed.filter((each) => model[each] === undefined)) {
      add('missingKey', tree.headSpan(at), 'error', name);
    }
    const { id } = model;
    const isNamed = isLocal && (model['folder'] ?? '') === '' && typeof id === 'string';
    if (isNamed && known.length > 0 && !known.includes(id)) {
      add(
        'unknownModel',
        tree.span(typeof entry === 'string' ? at : [...at, 'id']),
        'error',
        id,
        known.join(', '),
      );
    }
  });
}

function unknownLabel(
  tree: YamlTree,
  path: (string | number)[],
  value: unknown,
  labels: LabelSet,
  add: AddProblem,
): void {
  const text = textOf(value);
  if (text !== undefined && labels.known.size > 0 && !labels.known.has(normalised(text))) {
    add('unknownLabel', tree.span(path), 'warning', short(text), labels.named);
  }
}

/** Labels as they are compared, and as a sentence names them. */
interface LabelSet {
  readonly known: ReadonlySet<string>;
  readonly named: string;
}

function labelSet(labels: readonly string[]): LabelSet {
  return { known: new Set(labels.map(normalised)), named: short(labels.join(', ')) };
}

function short(text: string): string {
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}

function lineOf(tree: YamlTree, list: 'items' | 'examples', index: number): number {
  return tree.line(tree.span(['task', list, index]).start);
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

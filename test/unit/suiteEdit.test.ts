import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readStudy, studyDocument } from '../../src/prompts/studyFile';
import { parseStrategyId } from '../../src/prompts/strategy';
import type { Strategy, Study } from '../../src/protocol/prompts';
import { editSuite } from '../../src/suites/suiteEdit';
import { spliced } from '../../src/suites/yamlPatch';

/** Edits of the grid become edits of the text, and leave the rest of the text as a person wrote it. */

const model = { id: 'scope-gpt-instruct', folder: '/models/scope-gpt-instruct' };

/** As an editor has it: without models of its own the file's study asks a bundled one. */
function opened(text: string): Study {
  const { study } = readStudy(text, 'mine');
  return study.models.length > 0 ? study : { ...study, models: [model] };
}

function edited(text: string, change: (study: Study) => Study): string {
  const before = opened(text);
  return spliced(
    text,
    editSuite(text, before, change(before), ({ id }) => id),
  );
}

const suite = `# Our support mails.
transformerScope: 1   # the format
title: 'Mails'

task:
  kind:   classify
  # What the labels mean is in the wiki.
  labels: [happy, angry]
  instruction: >-
    Is the writer happy
    or angry?
  examples:
    - { input: "Thanks a lot!", output: happy }   # from May
    - { input: "Never again.", output: angry }
  items:
    # The easy ones.
    - input: Great service.
      expected: happy
    - input: |
        Two lines
        of anger.
      expected: "angry"  # really

    # The hard ones.
    - input: Well, thank you very much indeed…
      expected: angry
strategies:
- zero-shot
- few-shot-2   # all there are
sampling: {temperature: 0.5, seed: 7}
`;

/** The lines of a text that another one does not have, and the other way round. */
function changedLines(before: string, after: string): { gone: string[]; come: string[] } {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return {
    gone: old.filter((line) => !now.includes(line)),
    come: now.filter((line) => !old.includes(line)),
  };
}

const withTask =
  (change: Partial<Study['task']>) =>
  (study: Study): Study => ({
    ...study,
    task: { ...study.task, ...change },
  });

describe('an edit of a suite', () => {
  it('changes nothing when nothing has changed', () => {
    assert.equal(
      edited(suite, (study) => study),
      suite,
    );
  });

  it('touches only the line that it is about', () => {
    const cases: [(study: Study) => Study, string[], string[]][] = [
      [(study) => ({ ...study, title: 'Letters' }), ["title: 'Mails'"], ["title: 'Letters'"]],
      [
        (study) => ({ ...study, sampling: { ...study.sampling, seed: 8 } }),
        ['sampling: {temperature: 0.5, seed: 7}'],
        ['sampling: {temperature: 0.5, seed: 8}'],
      ],
      // A setting that the file leaves out is written beside the others.
      [
        (study) => ({ ...study, sampling: { ...study.sampling, topK: 40 } }),
        ['sampling: {temperature: 0.5, seed: 7}'],
        ['sampling: {temperature: 0.5, seed: 7, topK: 40}'],
      ],
      [withTask({ role: 'You are a clerk.' }), [], ['  role: You are a clerk.']],
      [
        withTask({ labels: ['happy', 'angry', 'calm'] }),
        ['  labels: [happy, angry]'],
        ['  labels: [happy, angry, "calm"]'],
      ],
      [
        (study) => ({ ...study, strategies: study.strategies.slice(0, 1) }),
        ['- few-shot-2   # all there are'],
        [],
      ],
      [
        (study) => ({
          ...study,
          strategies: [...study.strategies, parseStrategyId('zero-shot+role') as Strategy],
        }),
        [],
        ['- zero-shot+role'],
      ],
      // The model was not in the file; now that there are two, both are.
      [
        (study) => ({ ...study, models: [model, { id: 'scope-gpt', folder: '/x' }] }),
        [],
        ['models: [ scope-gpt-instruct, scope-gpt ]'.replace('[ ', '[').replace(' ]', ']')],
      ],
      [(study) => ({ ...study, input: 'One\ntwo' }), [], ['input: |-', '  One', '  two']],
    ];
    for (const [change, gone, come] of cases) {
      assert.deepEqual(changedLines(suite, edited(suite, change)), { gone, come });
    }
  });

  it('adds, changes and removes rows in the form that the rows have', () => {
    const { items, examples } = opened(suite).task;
    assert.deepEqual(
      changedLines(
        suite,
        edited(suite, withTask({ examples: [...examples, { input: 'Hm: "ok"', output: 'happy' }] })),
      ),
      { gone: [], come: ['    - { input: "Hm: \\"ok\\"", output: "happy" }'] },
    );
    assert.deepEqual(
      changedLines(
        suite,
        edited(
          suite,
          withTask({ items: items.map((each, at) => (at === 1 ? { ...each, expected: 'happy' } : each)) }),
        ),
      ),
      { gone: ['      expected: "angry"  # really'], come: ['      expected: "happy"  # really'] },
    );
    assert.deepEqual(
      changedLines(
        suite,
        edited(suite, withTask({ items: [{ input: 'First!', expected: 'happy' }, ...items] })),
      ),
      { gone: [], come: ['    - input: First!'] },
    );
    // The comments above and below a row are somebody's words and stay.
    const without = edited(suite, withTask({ items: items.filter((_, at) => at !== 1) }));
    assert.deepEqual(changedLines(suite, without), {
      gone: ['    - input: |', '        Two lines', '        of anger.', '      expected: "angry"  # really'],
      come: [],
    });
    const none = edited(suite, withTask({ items: [] }));
    assert.deepEqual(readStudy(none, 'x').study.task.items, []);
    assert.match(none, /# What the labels mean/);
  });

  it('keeps every setting of scoring and of repeating', () => {
    const text = `transformerScope: 1
task:
  kind: custom
  scorer: { kind: judge, threshold: 0.7, vote: true, judge: { model: scope-gpt, prompt: "{answer}?" } }
repeats: 5
threshold: 0.8
`;
    const { task, repeats } = opened(text);
    assert.equal(repeats, 5);
    assert.deepEqual(task.scorer, {
      kind: 'judge',
      threshold: 0.7,
      judge: { model: { id: 'scope-gpt', folder: '' }, prompt: '{answer}?' },
      vote: true,
    });
    const scorer = { ...task.scorer, threshold: 0.9 };
    assert.equal(edited(text, withTask({ scorer })), text.replace('threshold: 0.7', 'threshold: 0.9'));
    assert.equal(
      edited(text, (study) => ({ ...study, repeats: 2 })),
      text.replace('repeats: 5', 'repeats: 2'),
    );
  });

  it('keeps Windows line ends', () => {
    const windows = suite.replaceAll('\n', '\r\n');
    const { items } = opened(windows).task;
    const after = edited(windows, withTask({ items: [...items, { input: 'a\nb' }] }));
    assert.ok(!/[^\r]\n/.test(after));
    assert.equal(
      after.replaceAll('\r\n', '\n'),
      edited(suite, withTask({ items: [...items, { input: 'a\nb' }] })),
    );
  });

  it('takes another kind of task without losing what was said beside it', () => {
    const after = edited(suite, withTask({ kind: 'custom', labels: [], scorer: { kind: 'manual' } }));
    assert.match(after, /kind: {3}custom/);
    assert.match(after, /labels: \[\]/);
    // That is how the kind is scored anyway.
    assert.doesNotMatch(after, /scorer/);
  });

  const texts = [
    suite,
    'transformerScope: 1\ntask: {kind: solve}\n',
    'transformerScope: 1\ntask: {kind: solve, items: [{input: 2 + 2, expected: 4}, {input: 1, expected: 1}]}',
    'transformerScope: 1\ntask:\n  kind: extract\n  items:\n  examples:\n    -\n      input: a\n      output: {name: A, number: 3}\n# the end',
    '%YAML 1.2\n---\n"transformerScope": 1\n"task": {\n  "kind": "answer",\n  "items": [\n    {"input": "a"},\n    {"input": "b", "expected": "c"}\n  ]\n}\n',
    'transformerScope: 1\ninput: >\n  folded\n  text\ntask:\n  kind: rewrite\n  format:\n    schema:\n      type: object\n      required: [a]\n  items:\n  - input: "x"   \n  - input: y\nstrategies: [zero-shot, one-shot+role]\n\n\n',
  ];
  const word = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      '',
      ' ',
      '- a',
      'a: b',
      '# no',
      'true',
      '12',
      '1.0',
      "it's",
      '"q"',
      'two\nlines',
      '\n',
      'tail\n',
      ' lead\n  more',
      '🙂 مرحبا 你好',
      '\t',
      '{a}',
      '[x',
      '~',
      '|',
      '>-',
      '%',
      '@',
      'é'.repeat(130),
    ),
  );
  const answer = fc.oneof(
    word,
    fc.dictionary(fc.constantFrom('name', 'number', 'a b', 'x:y'), fc.oneof(word, fc.integer()), {
      minKeys: 1,
    }),
  );
  const example = fc.record({ input: word, output: answer }).chain((row) =>
    fc
      .option(
        word.filter((each) => each !== ''),
        { nil: undefined },
      )
      .map((reasoning) => (reasoning === undefined ? row : { ...row, reasoning })),
  );
  const item = fc.oneof(fc.record({ input: word }), fc.record({ input: word, expected: answer }));
  const pick = <T>(list: readonly T[], keep: readonly boolean[], more: readonly T[], at: number): T[] => {
    const kept = list.filter((_, index) => keep[index] ?? true);
    const place = Math.min(at, kept.length);
    return [...kept.slice(0, place), ...more, ...kept.slice(place)];
  };
  const keep = fc.array(fc.boolean(), { maxLength: 4 });
  const change: fc.Arbitrary<(study: Study) => Study> = fc.oneof(
    word.map((title) => (study: Study) => ({ ...study, title })),
    word.map((input) => (study: Study) => ({ ...study, input })),
    word.map((instruction) => withTask({ instruction })),
    word.map(
      (outputLabel) => (study: Study) => withTask({ frame: { ...study.task.frame, outputLabel } })(study),
    ),
    fc.array(word, { maxLength: 4 }).map((labels) => withTask({ labels })),
    fc.tuple(keep, fc.array(item, { maxLength: 3 }), fc.nat(4)).map(
      ([kept, more, at]) =>
        (study: Study) =>
          withTask({ items: pick(study.task.items, kept, more, at) })(study),
    ),
    fc.tuple(keep, fc.array(example, { maxLength: 3 }), fc.nat(4)).map(
      ([kept, more, at]) =>
        (study: Study) =>
          withTask({ examples: pick(study.task.examples, kept, more, at) })(study),
    ),
    fc.nat(9).map((seed) => (study: Study) => ({ ...study, sampling: { ...study.sampling, seed } })),
    fc
      .array(word, { maxLength: 3 })
      .map((stop) => (study: Study) => ({ ...study, sampling: { ...study.sampling, stop } })),
    fc
      .dictionary(fc.constantFrom('zero-shot|-1|m', 'one-shot|-1|m'), word)
      .map((edits) => (study: Study) => ({ ...study, edited: edits })),
    fc
      .constantFrom('exact', 'manual', 'number')
      .map((kind) => withTask({ scorer: { kind: kind as 'exact' } })),
  );

  it('says what was meant, whatever the text and the edits', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (text, changes) => {
          let now = text;
          let study = opened(text);
          for (const each of changes) {
            const next = each(study);
            now = spliced(
              now,
              editSuite(now, study, next, ({ id }) => id),
            );
            study = next;
            const again = opened(now);
            assert.equal(
              JSON.stringify({ ...studyDocument(again), id: '' }),
              JSON.stringify({ ...studyDocument(study), id: '' }),
              now,
            );
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

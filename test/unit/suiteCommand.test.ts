import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './sourceTree';

/** The command as a build server runs it: a process of its own, with the bundled model. */

const item = (input: string, expected: string): string =>
  `    - { input: ${JSON.stringify(input)}, expected: "${expected}" }\n`;
const chairs = item(
  'Sam has 2 chairs. Sam finds 7 more. Sam gives away 4. How many chairs does Sam have now?',
  '5',
);
const head = 'transformerScope: 1\ntitle: Sums <&> "more"\ntask:\n  kind: solve\n  items:\n';

describe('transformer-scope run', function () {
  this.timeout(60_000);
  let folder: string;
  const running: ChildProcess[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scope-command-'));
  });
  after(async () => {
    running.forEach((child) => child.kill('SIGKILL'));
    await rm(folder, { recursive: true, maxRetries: 3 });
  });

  async function suite(name: string, text: string): Promise<void> {
    await writeFile(join(folder, `${name}.prompts.yaml`), text);
  }

  /** @param onError is told what the process has said so far on its standard error */
  function run(
    args: readonly string[],
    onError: (said: string, child: ChildProcess) => void = () => undefined,
  ): Promise<{ code: number | null; out: string; err: string }> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [join(root, 'dist', 'cli.js'), ...args], {
        cwd: folder,
        env: { ...process.env, LANG: 'C', LC_ALL: 'C' },
      });
      running.push(child);
      let [out, err] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        err += text;
        onError(err, child);
      });
      child.on('close', (code) => resolve({ code, out, err }));
    });
  }

  it('passes, fails and reports by what the model really answers', async () => {
    await suite('sums', `${head}${chairs}strategies: [zero-shot, zero-shot+reasoning]\n`);
    // The model needs its steps: with them it gets 2 + 7 - 4 right, at once it does not.
    const all = await run([
      'run',
      'sums.prompts.yaml',
      '--reporter',
      'junit,json,md,html',
      '--out',
      'out',
      '--threads',
      '1',
    ]);
    assert.equal(all.code, 1, all.err);
    assert.match(all.out, /sums\.prompts\.yaml: failed \(2, /);
    const xml = await readFile(join(folder, 'out', 'sums.prompts.junit.xml'), 'utf8');
    assert.match(
      xml,
      /<testsuites name="Sums &lt;&amp;&gt; &quot;more&quot;" tests="2" failures="1" errors="0" skipped="0"/,
    );
    assert.equal(xml.match(/<testcase /g)?.length, 2);
    assert.match(
      xml,
      /<failure message="wrong: expected &quot;5&quot;, got &quot;\d+&quot;" type="wrong">expected: 5\n/,
    );
    const json = JSON.parse(await readFile(join(folder, 'out', 'sums.prompts.json'), 'utf8')) as {
      passed: boolean;
      cells: { strategy: string; pass: boolean; answer: string; input: string; expected: string }[];
      models: { files: string }[];
    };
    assert.equal(json.passed, false);
    assert.deepEqual(
      json.cells.map(({ strategy, pass }) => [strategy, pass]),
      [
        ['zero-shot', false],
        ['zero-shot+reasoning', true],
      ],
    );
    assert.match(json.models[0]?.files ?? '', /^[0-9a-f]{64} /);
    assert.match(await readFile(join(folder, 'out', 'sums.prompts.md'), 'utf8'), /## Wrong answers \(1\)/);
    assert.match(await readFile(join(folder, 'out', 'sums.prompts.html'), 'utf8'), /^<!DOCTYPE html>/i);

    // Answers that are there already are not asked for again, and a part of the suite may pass.
    const part = await run([
      'run',
      '.',
      '--strategy',
      'zero-shot+reasoning',
      '--resume',
      'out/sums.prompts.json',
      '--language',
      'zh',
    ]);
    assert.equal(part.code, 0, part.err);
    assert.match(part.out, /通过 \(1, /);
    assert.doesNotMatch(part.err, /\[0\/1/);
  });

  it('says where a suite is broken and what it does not understand', async () => {
    await suite('broken', 'transformerScope: 1\ntask:\n  kind: dance\n');
    const broken = await run(['run', 'broken.prompts.yaml']);
    assert.equal(broken.code, 2);
    assert.match(broken.err, /broken\.prompts\.yaml:3:9: error: Expected here: one of classify, /);
    await suite(
      'elsewhere',
      `${head}${chairs}models: [{ id: mine, folder: ./nowhere }]\nstrategies: [zero-shot]\n`,
    );
    const results = await Promise.all([
      run(['check', 'broken.prompts.yaml']),
      run(['run', 'nowhere.prompts.yaml']),
      run(['run', '--threshold', 'half']),
      run(['dance']),
      run(['run', 'elsewhere.prompts.yaml', '--filter', 'pears']),
      run(['--help']),
    ]);
    assert.deepEqual(
      results.map(({ code }) => code),
      [2, 2, 2, 2, 2, 0],
    );
    assert.match(results[4]?.err ?? '', /no test item/);
    assert.match(results[5]?.out ?? '', /--reporter junit,json,md,html/);
    const missing = await run(['run', 'elsewhere.prompts.yaml', '--reporter', 'json', '--quiet']);
    assert.equal(missing.code, 1, 'a cell without an answer is no right answer');
    const report = JSON.parse(await readFile(join(folder, 'elsewhere.prompts.json'), 'utf8')) as {
      ways: { errors: number }[];
    };
    assert.equal(report.ways[0]?.errors, 1);
  });

  it('stops at Ctrl+C and keeps what was finished', async () => {
    const many = Array.from({ length: 400 }, (_, index) =>
      item(`Tom has ${index} cups. Tom buys 5 more. How many cups does Tom have now?`, String(index + 5)),
    );
    await suite('long', `${head}${many.join('')}strategies: [zero-shot+reasoning]\n`);
    let isTold = false;
    const stopped = await run(
      ['run', 'long.prompts.yaml', '--reporter', 'json', '--threshold', '0'],
      (said, child) => {
        if (!isTold && /\[[1-9]\d*\/400/.test(said)) {
          isTold = true;
          child.kill('SIGINT');
        }
      },
    );
    assert.equal(stopped.code, 130, stopped.err);
    const report = JSON.parse(await readFile(join(folder, 'long.prompts.json'), 'utf8')) as {
      stopped: boolean;
      passed: boolean;
      cells: unknown[];
    };
    assert.equal(report.stopped, true);
    assert.equal(report.passed, false);
    assert.ok(report.cells.length > 0 && report.cells.length < 400, String(report.cells.length));
  });
});

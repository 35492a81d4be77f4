import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { forTerminal } from '../../src/cli/terminal';
import { exportAnswers } from '../../src/prompts/exportAnswers';
import { newStudy } from '../../src/prompts/presets';
import { writeReport } from '../../src/prompts/report';
import { StudyState } from '../../src/prompts/studyState';
import type { CellResult, Study } from '../../src/protocol/prompts';
import { standaloneHtml } from '../../src/panels/standaloneHtml';
import type { AttentionSnapshot } from '../../src/protocol/attentionPage';
import { toHtml, toMarkdown } from '../../src/report/document';
import { junitReport } from '../../src/suites/junitReport';
import { judgeSuite } from '../../src/suites/verdict';
import { tableCell } from '../../src/text/tableCell';
import { filesUnder, root } from './sourceTree';

/** What is written of texts that nobody has looked at: reports, tables, pages, lines on a terminal. */

const hostile = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<!-- --> ]]> <![CDATA[',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '[x](javascript:alert(1))',
  '![x](https://evil.example/x.png)',
  'https://evil.example www.evil.example a@evil.example',
  '| a | b |\n|---|---|',
  '```\n# heading\n```',
  '$\\href{javascript:alert(1)}{x}$',
  "=cmd|' /C calc'!A0",
  '+1+cmd|x',
  '@SUM(1)',
  '-2+3+cmd|x',
  '\t=1+1',
  '＝1+1',
  '\u001b[2J\u001b]8;;https://evil.example\u0007x\u009b31m\u202e',
  '\ud800 \0 \u2028',
  '`'.repeat(200),
  '{{ 7 * 7 }} ${7 * 7} %s $(icon) [command](command:workbench.action.terminal.new)',
];

const model = { id: '<b>m</b> | `x`', folder: '/m' };

function hostileStudy(): { study: Study; results: CellResult[] } {
  const begun = newStudy('s', hostile[0] ?? '', hostile.join('\n'), model);
  const items = hostile.map((input) => ({ input, expected: input }));
  const strategies = [{ shots: 0, reasoning: false, role: false, format: false }];
  const study = { ...begun, strategies, task: { ...begun.task, instruction: hostile.join(' '), items } };
  const state = new StudyState(study);
  for (const cell of state.cells('items')) {
    const output = hostile[cell.item] ?? '';
    state.record({
      ...cell,
      fingerprint: state.fingerprint(cell) ?? '',
      output,
      answer: output,
      pass: cell.item % 2 === 0,
      failure: cell.item % 2 === 0 ? null : 'wrong',
      formatKept: null,
      finish: output,
      numPromptTokens: 1,
      numNewTokens: 1,
      milliseconds: 1,
      meanBits: null,
      ...(cell.item === 3 ? { failure: 'error' as const, error: output, pass: null } : {}),
    });
  }
  return { study, results: state.results() };
}

/** No element but those of a report, no attribute that runs, and a policy that knows no exception. */
function isHarmlessHtml(html: string): void {
  const tags = [...html.matchAll(/<\s*([a-z!/][^\s>]*)/gi)].map((match) => (match[1] ?? '').toLowerCase());
  const allowed =
    /^(\/?(html|head|meta|title|style|body|h[1-6]|p|ul|ol|li|table|thead|tbody|tr|th|td|div|pre|code|figure|figcaption|details|summary|svg|g|rect|line|text|path|circle|polyline|polygon|title|desc|br|span|strong|em|section|tspan)|!doctype|!--)$/;
  tags.forEach((tag) => assert.match(tag, allowed));
  assert.doesNotMatch(html.replace(/&[#\w]+;/g, ''), /<[^>]*\son\w+\s*=|<[^>]*(?:href|src)\s*=|<script/i);
  assert.doesNotMatch(html, /<[^>]*\sstyle\s*=/i, 'no style that the policy would refuse');
  hasStrictPolicy(html);
}

function hasStrictPolicy(html: string): void {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
  assert.match(policy, /^default-src 'none';/);
  assert.doesNotMatch(policy, /unsafe|\*|https?:/);
  for (const [, attributes = '', content = ''] of html.matchAll(
    /<(?:style)((?:\s[^>]*)?)>([\s\S]*?)<\/style>/g,
  )) {
    const hash = `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
    const nonce = /nonce="([^"]+)"/.exec(attributes)?.[1];
    assert.ok(
      policy.includes(nonce === undefined ? hash : `'nonce-${nonce}'`),
      'a style that the policy knows',
    );
  }
}

describe('hostile text in what is written', function () {
  this.timeout(60_000);
  const { study, results } = hostileStudy();

  it('is text in reports of both forms, whatever it is', () => {
    for (const language of ['en', 'zh'] as const) {
      const input = {
        study,
        summary: new StudyState(study, results).summary(),
        prompts: new Map(),
        promptsFor: 'x',
        hashes: new Map(),
        date: hostile[0] ?? '',
      };
      isHarmlessHtml(writeReport(input, 'html', language));
      const markdown = writeReport(input, 'md', language);
      assert.doesNotMatch(
        markdown.replace(/\\[^]/g, '').replace(/^(`{3,})text\n[^]*?\n\1$/gm, ''),
        /<(?!!-- notes)|\]\(javascript|https?:\/\/evil|\bwww\.evil|@evil/,
      );
    }
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary' })), {
          minLength: 1,
          maxLength: 4,
        }),
        (texts) => {
          const text = texts.join('');
          const blocks = [
            { kind: 'text' as const, text },
            { kind: 'table' as const, head: [text], rows: [[text]] },
            { kind: 'list' as const, items: [text] },
            { kind: 'code' as const, text },
            { kind: 'heading' as const, text },
          ];
          isHarmlessHtml(toHtml(text, blocks, 'en'));
          const lines = toMarkdown(text, blocks).split('\n');
          assert.match(lines[0] ?? '', /^# /);
          assert.doesNotMatch((lines[0] ?? '').replace(/\\[^]/g, ''), /[<`|[]|www\./);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('makes no fence, however many there are', () => {
    const text = '`a`'.repeat(200_000);
    const written = toMarkdown('t', [{ kind: 'code', text }]);
    assert.ok(
      written.includes(text) && written.split('\n').filter((line) => line.startsWith('```')).length === 2,
    );
  });

  it('is no formula in a table, pasted or in a file', () => {
    for (const text of hostile) {
      assert.doesNotMatch(tableCell(text), /^\s*[=+\-@＝＋－＠]|[\t\r\n]/);
    }
    assert.deepEqual(['0.5', '-0.25', 'a=b', ''].map(tableCell), ['0.5', '-0.25', 'a=b', '']);
    const rows = results.map((result) => ({
      cell: result,
      input: study.task.items[result.item]?.input ?? '',
      expected: result.output,
      result,
    }));
    const record = {
      id: 1,
      definition: 1,
      began: 0,
      ended: 0,
      origin: 'asked' as const,
      numAnswers: 1,
      numTested: 1,
    };
    const shown = { run: { record, study }, query: hostile.join(' '), rows };
    const csv = exportAnswers(shown, 'csv', 'en');
    for (const [, cell = ''] of csv.matchAll(/(?:^|,)"((?:[^"]|"")*)"/gm)) {
      assert.doesNotMatch(cell, /^(?:\s*[=@＝]|\t|\r|[+-](?!\d+$))/);
    }
    isHarmlessHtml(exportAnswers(shown, 'html', 'en'));
    const jsonl = exportAnswers(shown, 'jsonl', 'en').trimEnd().split('\n');
    assert.equal(jsonl.map((line) => JSON.parse(line) as unknown).length, hostile.length);
  });

  it('is well-formed XML for a build server', () => {
    const verdict = judgeSuite(study, results, 0.5);
    const xml = junitReport({
      name: hostile[3] ?? '',
      study,
      results,
      verdict,
      isStopped: false,
      date: '2026',
      milliseconds: 1,
      hashes: new Map(),
    });
    assert.doesNotMatch(xml, /[\0-\x08\x0b\x0c\x0e-\x1f]|\]\]>|<!\[|<script|<img/);
    const tags = [...xml.matchAll(/<\/?(\w+)/g)].map((match) => match[1]);
    assert.deepEqual(
      [...new Set(tags)].sort(),
      ['error', 'failure', 'properties', 'property', 'testcase', 'testsuite', 'testsuites', 'system'].sort(),
    );
  });

  it('never steers a terminal', async () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary' })), (text) => {
        assert.doesNotMatch(forTerminal(text), /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
      }),
      { seed: 1 },
    );
    const folder = mkdtempSync(join(tmpdir(), 'transformer-scope-hostile-'));
    try {
      const escape = '\\e[2J\\e]0;owned\\a\\u202e\\x9b31m\\n::error::faked';
      writeFileSync(
        join(folder, 'x.prompts.yaml'),
        `transformerScope: 1\ntask:\n  kind: classify\n  labels: ["${escape}", b]\n  "${escape}": 1\n  items:\n    - { input: "${escape}", expected: "${escape}x" }\nmodels: ["${escape}"]\n`,
      );
      for (const args of [
        ['check', 'x.prompts.yaml'],
        ['run', 'x.prompts.yaml'],
        ['run', '\u001b[2J'],
        ['run', '--strategy', '\u001b[31m', 'x.prompts.yaml'],
        ['\u001b[2J'],
      ]) {
        const said = await new Promise<string>((resolve) => {
          const child = spawn(process.execPath, [join(root, 'dist', 'cli.js'), ...args], { cwd: folder });
          let all = '';
          child.stdout.on('data', (bytes: Buffer) => (all += bytes.toString()));
          child.stderr.on('data', (bytes: Buffer) => (all += bytes.toString()));
          child.on('close', () => resolve(all));
        });
        assert.ok(
          said.length > 0 && !/(?![\n\t])\p{Cc}|[\u202a-\u202e]/u.test(said),
          JSON.stringify(said.slice(0, 300)),
        );
        assert.doesNotMatch(said, /^::error::|\n\s+at /m);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('pages and exported files', () => {
  it('run nothing but what is theirs', async () => {
    const snapshot = {
      locale: '"><script>alert(1)</script>',
      strings: { a: '</script><script>' },
      state: { kind: 'failed', message: '</script>', action: 'retry' },
      compared: null,
      standalone: false,
    } as unknown as AttentionSnapshot;
    const parts = {
      script: 'const a = "</script><!--";',
      style: 'a{}',
      standalone: '1;',
      font: new Uint8Array(4),
    };
    const look = { theme: '"><script>', style: { '--x': '</style><script>' }, pictures: { 1: '</script>' } };
    const html = await standaloneHtml(snapshot, new Uint8Array(3), look, parts);
    hasStrictPolicy(html);
    const scripts = [...html.matchAll(/<script([^>]*)>/g)].map((match) => match[1] ?? '');
    const nonce = /script-src 'nonce-([^']+)'/.exec(html)?.[1] ?? '';
    assert.equal(scripts.length, 4);
    assert.ok(scripts.every((each) => each.includes('octet-stream') || each.includes(nonce)));
    assert.equal(html.match(/<\/script>/g)?.length, 4);
    assert.ok(!html.includes('alert(1)'));
    const again = await standaloneHtml(snapshot, new Uint8Array(3), look, parts);
    assert.ok(!again.includes(nonce), 'another number each time');
  });

  it('have no exception in a policy, no markup from text and no command in a link, anywhere in the source', () => {
    for (const file of [...filesUnder('src'), ...filesUnder('webview')]) {
      const text = readFileSync(join(root, file), 'utf8');
      assert.doesNotMatch(text, /unsafe-(?:inline|eval|hashes)/, file);
      assert.doesNotMatch(
        text,
        /\.(?:inner|outer)HTML\b|insertAdjacentHTML|unsafeHTML|unsafeSVG|document\.write|\beval\(|new Function\b/,
        file,
      );
      assert.doesNotMatch(text, /\.isTrusted = |supportHtml|\(command:\w|`command:\w|'command:\w/, file);
    }
  });

  it('and settings that name an address or a path are the machine’s, and closed to a folder that nobody trusts', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
      contributes: { configuration: { properties: Record<string, { scope?: string }> } };
    };
    const { properties } = manifest.contributes.configuration;
    const restricted = new Set(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations);
    for (const name of ['model', 'imageModel', 'taskModels', 'hubEndpoint', 'downloadFolder', 'endpoints']) {
      const key = `transformerScope.${name}`;
      assert.equal(properties[key]?.scope, 'machine', key);
      assert.ok(restricted.has(key), key);
    }
    for (const key of Object.keys(properties).filter((each) =>
      /folder|path|endpoint|url|host|runtime|model$/i.test(each),
    )) {
      assert.equal(properties[key]?.scope, 'machine', key);
    }
  });
});

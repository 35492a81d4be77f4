import assert from 'node:assert/strict';
import { comparisonReport, writeComparisonReport } from '../../src/compare/report';
import type { ReportInput } from '../../src/compare/reportFacts';
import { operationsAt } from '../../src/compare/reportCompute';
import { ticksUpTo } from '../../src/compare/reportFigures';
import { sharesOf } from '../../src/compare/reportReading';
import { cosineLayers } from '../../src/compare/reportSentences';
import { speechOf } from '../../src/compare/reportSpeech';
import { spearman } from '../../src/compare/reportSurprise';
import type { AttentionRun } from '../../src/protocol/attention';
import { notesOf } from '../../src/report/notes';
import { bert, gpt } from './compareReportArchitectures';
import { reportInput } from './compareReportInput';
import { agreeing, sameVocabulary, withReplaced } from './compareReportPairs';

const languages = ['en', 'zh'] as const;

describe('text in the report of a comparison', () => {
  const evil =
    '</text><script>alert(1)</script><img src=x onerror=alert(1)>" \' | `x` ``` ![a](javascript:alert(1)) [b](c) *d* $e$\n\n# h\n<!-- notes:end --> {0}\u0000\ud800\u0007';

  /** With everything that only some models give. */
  function pairs(): ReportInput {
    return reportInput({ pretraining: withReplaced, cloze: () => agreeing(sameVocabulary) });
  }

  function poisoned(): ReportInput {
    // Every string of every value, but for the few that are names of ours.
    const ours = new Set([
      'done',
      'both',
      'left',
      'right',
      'masked',
      'causal',
      'replaced',
      'kept',
      'head',
      'zeroShot',
      'fewShot',
      'encoder',
      'decoder',
      'learned',
      'post',
      'pre',
      'native',
      'maskedLanguageModel',
      'languageModel',
      'noHead',
      'same',
      ...bert.parameters.parts.map(({ part }) => part),
      ...gpt.parameters.parts.map(({ part }) => part),
    ]);
    const poison = (value: unknown): unknown => {
      if (typeof value === 'string') {
        return ours.has(value) ? value : `${value} ${evil}`;
      }
      if (Array.isArray(value)) {
        return value.map(poison);
      }
      return value && typeof value === 'object' && !(value instanceof ArrayBuffer)
        ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, poison(each)]))
        : value;
    };
    const input = pairs();
    return { ...(poison(input) as ReportInput), settings: { [evil]: evil }, notes: 'Own notes' };
  }

  it('never becomes markup in HTML', () => {
    const allowed = new Set(
      'html head meta title style body h1 h2 h3 p ul li pre figure figcaption div details summary table thead tbody tr th td svg text path rect circle'.split(
        ' ',
      ),
    );
    for (const language of languages) {
      const html = writeComparisonReport(poisoned(), 'html', language);
      for (const [tag, name] of html
        .replace(/<style>[^]*<\/style>/, '')
        .matchAll(/<\/?([a-zA-Z]+)(?:\s[^<>]*)?>/g)) {
        assert.ok(allowed.has(name!.toLowerCase()), tag.slice(0, 80));
        assert.doesNotMatch(tag.replace(/"[^"]*"/g, '""'), /\son\w+=/);
      }
      assert.equal(html.match(/<!--/g)?.length, 2);
      assert.equal(notesOf(html), 'Own notes');
    }
  });

  it('never becomes markup in Markdown', () => {
    for (const language of languages) {
      const markdown = writeComparisonReport(poisoned(), 'md', language);
      const plain = markdown.replace(/^(`{3,})text\n[^]*?\n\1$/gm, '');
      const clean = comparisonReport(pairs(), language).blocks.filter(({ kind }) => kind === 'heading');
      assert.equal(plain.match(/^#{1,6} /gm)?.length, clean.length + 1);
      assert.equal(plain.match(/(?<!\\)</g)?.length, 2, 'only the two markers');
      assert.ok([...plain.matchAll(/(?<!\\)\]\((?!data:image\/svg\+xml;base64,)/g)].length === 0);
      assert.doesNotMatch(plain, /(?<!\\)[`$]/);
      for (const [, data] of plain.matchAll(/base64,([^)]*)\)/g)) {
        assertWellFormed(Buffer.from(data!, 'base64').toString('utf8'));
      }
      assert.equal(notesOf(markdown), 'Own notes');
    }
  });
});

describe('figures of the report', () => {
  it('draws in well-formed SVG, and gives the numbers beside it', () => {
    for (const language of languages) {
      const figures = comparisonReport(reportInput(), language).blocks.filter(
        (block) => block.kind === 'figure',
      );
      assert.equal(figures.length, 6);
      for (const { svg, table } of figures) {
        assertWellFormed(svg);
        assert.ok(table.rows.length > 0);
        assert.ok(table.rows.every((row) => row.length === table.head.length));
      }
    }
    assert.deepEqual(ticksUpTo(9), [0, 2, 4, 6, 8]);
    assert.deepEqual(ticksUpTo(0.9), [0, 0.2, 0.4, 0.6, 0.8]);
    assert.deepEqual(ticksUpTo(0), [0]);
  });
});

/** Tags nest, nothing is left open, and every character is one that XML knows. */
function assertWellFormed(svg: string): void {
  assert.doesNotMatch(svg, /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/);
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-z]+)((?:\s[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
    (_, close: string, name: string, __, empty: string) => {
      if (close) {
        assert.equal(open.pop(), name);
      } else if (!empty) {
        open.push(name);
      }
      return '';
    },
  );
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest, /[<>]|&(?!amp;|lt;|gt;|quot;|#39;)/);
}

describe('what the report computes', () => {
  it('sums where attention goes', () => {
    const token = (special: boolean): AttentionRun['tokens'][number] => ({
      id: 1,
      piece: 'a',
      text: 'a',
      start: 0,
      end: 1,
      special,
    });
    const data = Uint8Array.from([255, 0, 0, 85, 85, 85, 0, 127, 128]);
    const run = {
      tokens: [token(true), token(false), token(false)],
      thumbnails: { size: 3, data: data.buffer },
    } as unknown as AttentionRun;
    const shares = sharesOf(run);
    const near = (value: number | undefined, expected: number): void =>
      assert.ok(Math.abs((value ?? NaN) - expected) < 1e-6, `${value} ${expected}`);
    near(shares?.right, 1 / 9);
    near(shares?.left, (1 / 3 + 127 / 255) / 3);
    near(shares?.self, (1 + 1 / 3 + 128 / 255) / 3);
    near(shares?.first, (1 + 1 / 3) / 3);
    near(shares?.special, (1 + 1 / 3) / 3);
    assert.equal(sharesOf({ ...run, thumbnails: { size: 2, data: data.buffer } }), null);
  });

  it('correlates ranks as SciPy does', () => {
    // scipy.stats.spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]), the example of its documentation.
    assert.ok(Math.abs((spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) ?? NaN) - 0.8207826816681233) < 1e-12);
    assert.equal(spearman([1, 1, 1], [1, 2, 3]), null);
    assert.equal(spearman([], []), null);
  });

  it('takes the cosines of different sentences only', () => {
    const cosines = Float32Array.from([1, 0.25, 0.75, 0.25, 1, 0.5, 0.75, 0.5, 1]);
    assert.deepEqual(cosineLayers({ model: 'm', numLayers: 1, cosines: cosines.buffer }, 3), [
      { mean: 0.5, low: 0.25, high: 0.75, nearest: [0, 2] },
    ]);
    assert.deepEqual(cosineLayers({ model: 'm', numLayers: 1, cosines: cosines.buffer }, 1), []);
  });

  it('counts operations at another length as the graph does', () => {
    // BERT base (Devlin et al. 2019): 12 layers of 12 heads of 64; the products alone change.
    const base = {
      ...bert,
      layers: 12,
      numHeads: 12,
      headSize: 64,
      flopsPerToken: { ...bert.flopsPerToken, at: 512, value: 1e9 },
    };
    assert.equal(operationsAt(base, 512), 1e9);
    assert.equal(operationsAt(base, 128), 1e9 - 4 * 384 * 768 * 12);
    assert.equal(operationsAt({ ...base, kind: 'encoder-decoder' }, 128), null);
  });

  it('sets Chinese without spaces inside', () => {
    const { say } = speechOf('zh');
    assert.equal(say('archTied', '154 万'), '输出层再次使用词元嵌入的权重，因此省下 154 万个参数。');
    assert.equal(say('archTied', '9,999'), '输出层再次使用词元嵌入的权重，因此省下 9,999 个参数。');
    assert.equal(say('missing', '下一句预测', 'x'), '下一句预测未测量：x');
    assert.equal(say('missing', 'scope-gpt', 'x'), 'scope-gpt 未测量：x');
  });

  it('writes numbers as people do', () => {
    const { percent, amount, count, list } = speechOf('en');
    const shares = [0, 0.00001, 0.0012, 0.034, 0.0996, 0.5, 0.996, 1];
    assert.deepEqual(shares.map(percent), ['0%', '< 0.01%', '0.12%', '3.4%', '10%', '50%', '99.60%', '100%']);
    assert.deepEqual([999_999, 1_234_567, 110e6, 1.5e9, 174.6e9].map(amount), [
      '999,999',
      '1.23 million',
      '110 million',
      '1.50 billion',
      '175 billion',
    ]);
    assert.equal(count(1234567.4), '1,234,567');
    assert.equal(list(['a', 'b', 'c']), 'a, b and c');
    const zh = speechOf('zh');
    assert.deepEqual([9_999, 12_345, 1.1e8, 1746e8].map(zh.amount), [
      '9,999',
      '1.23 万',
      '1.10 亿',
      '1,746 亿',
    ]);
    assert.equal(zh.percent(0.5), '50%');
    assert.equal(zh.list(['甲', '乙', '丙']), '甲、乙和丙');
  });
});

import assert from 'node:assert/strict';
import { type Block, toHtml, toMarkdown } from '../../src/report/document';
import { mergeNotes, notesOf } from '../../src/report/notes';

const forms = {
  md: (blocks: readonly Block[]) => toMarkdown('Title', blocks),
  html: (blocks: readonly Block[]) => toHtml('Title', blocks, 'en'),
};

function reportWith(notes: string): readonly Block[] {
  return [
    { kind: 'heading', text: 'Before' },
    // A model's answer may quote a report.
    { kind: 'code', text: '<!-- notes:begin -->\nnot these\n<!-- notes:end -->' },
    { kind: 'text', text: '<!-- notes:begin --> nor these <!-- notes:end -->' },
    { kind: 'heading', text: 'Notes' },
    { kind: 'notes', text: notes },
    { kind: 'heading', text: 'After' },
    { kind: 'text', text: 'The end.' },
  ];
}

describe('notes in a report', () => {
  const samples = [
    'One line.',
    '# My own heading\n\n- a *list*\n- with `code`\n\n1. and numbers | pipes',
    '```python\nif a < b:\n    print("<!-- notes:end -->")\n```\nand a < b',
    '&lt; is an entity, &amp;lt; too, <b>bold</b> <!-- comment --> & "quotes"',
    '<!-- notes:end --> in the middle',
    '中文笔记：注意力、掩码\n第二行',
  ];
  for (const [format, write] of Object.entries(forms)) {
    it(`come back from ${format} as they were`, () => {
      for (const sample of samples) {
        const file = write(reportWith(sample));
        assert.equal(notesOf(file), sample);
        assert.equal(notesOf(file.replace(/\n/g, '\r\n')), sample, 'after an editor changed the line ends');
        assert.match(file, /The end\./);
      }
      assert.equal(notesOf(write(reportWith(''))), '');
    });
  }

  it('are not found where there is no place for them', () => {
    assert.equal(
      notesOf('# Some other file\n\n```\n<!-- notes:begin -->\nx\n<!-- notes:end -->\n```\n'),
      undefined,
    );
    assert.equal(notesOf('<!DOCTYPE html><p>nothing</p>'), undefined);
    assert.equal(notesOf(''), undefined);
  });

  it('are read again after edits by hand', () => {
    const markdown = toMarkdown('T', reportWith('First.'));
    assert.equal(
      notesOf(markdown.replace('First.', 'First.\n\n**Second** <i>x</i>')),
      'First.\n\n**Second** <i>x</i>',
    );
    // Without its end the section ends at the next heading.
    assert.equal(
      notesOf(markdown.replace(/First\.\n\n<!-- notes:end -->/, 'First. And more.')),
      'First. And more.',
    );
    const html = toHtml('T', reportWith('First.'), 'en');
    assert.equal(
      notesOf(html.replace('First.', '<p>First.</p><p>Second &amp; <b>third</b><br>fourth</p>')),
      'First.\nSecond & third\nfourth',
    );
  });

  it('do not swallow what follows when a fence stays open', () => {
    const file = toMarkdown('T', reportWith('```js\nlet x'));
    assert.ok(file.includes('let x\n```\n\n<!-- notes:end -->'), file);
    assert.equal(notesOf(file), '```js\nlet x\n```');
    assert.equal(mergeNotes('```js\nlet x', notesOf(file)), '```js\nlet x\n```');
  });

  it('never hold a tag in Markdown', () => {
    const file = toMarkdown('T', reportWith('<script>alert(1)</script> <img src=x onerror=alert(1)>'));
    assert.ok(!/<(script|img)/.test(file));
  });

  it('of panel and file are merged without loss', () => {
    assert.equal(mergeNotes('mine', undefined), 'mine');
    assert.equal(mergeNotes('mine', 'mine\n'), 'mine');
    assert.equal(mergeNotes('', 'theirs'), 'theirs');
    assert.equal(mergeNotes('mine', ''), 'mine');
    assert.equal(mergeNotes('one\ntwo', 'one'), 'one\ntwo');
    assert.equal(mergeNotes('one', 'zero\none\ntwo'), 'zero\none\ntwo');
    const both = mergeNotes('same\nmine', 'same\ntheirs');
    assert.equal(both, 'same\nmine\n\ntheirs');
    // Merging what was merged already changes nothing.
    assert.equal(mergeNotes('same\nmine', both), both);
    assert.equal(mergeNotes(both, both), both);
    for (const line of ['a', 'b', 'c', 'x', 'y']) {
      assert.ok(mergeNotes('a\nb\nc', 'a\nx\ny').split('\n').includes(line), line);
    }
    // Who did not change what was written gives way, even to less.
    assert.equal(mergeNotes('new', 'old', 'old'), 'new');
    assert.equal(mergeNotes('', 'old', 'old'), '');
    assert.equal(mergeNotes('old', 'by hand', 'old'), 'by hand');
    assert.equal(mergeNotes('one\ntwo', 'one', 'one\ntwo'), 'one');
    assert.equal(mergeNotes('new', 'by hand', 'old'), 'new\n\nby hand');
    // A file that only begins like the panel's has lines that stand elsewhere in it.
    assert.equal(mergeNotes('a\nb', 'b\na'), 'a\nb\n\nb\na');
  });
});

describe('figures and hostile text in a report', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><text>é 中</text></svg>';
  const figure: Block = {
    kind: 'figure',
    title: 'A [figure] <b>',
    svg,
    numbers: 'Numbers',
    table: { head: ['a'], rows: [['1|2']] },
  };

  it('are an image with a table in Markdown', () => {
    const markdown = toMarkdown('T', [figure]);
    const data = /!\[A \\\[figure\\\] \\<b\\>\]\(data:image\/svg\+xml;base64,([A-Za-z0-9+/=]+)\)/.exec(
      markdown,
    )?.[1];
    assert.ok(data);
    const image = Buffer.from(data, 'base64').toString('utf8');
    assert.ok(image.includes('é 中') && image.includes('background:#fff'));
    assert.ok(markdown.includes('| 1\\|2 |'));
  });

  it('are drawn in place in HTML, with the table folded away', () => {
    const html = toHtml('T', [figure], 'en');
    assert.ok(html.includes(svg) && html.includes('<summary>Numbers</summary>') && !html.includes('<b>'));
  });

  it('begin no list, link, heading or formula', () => {
    const lines = [
      '- item',
      '+ item',
      '1. item',
      '2) item',
      '===',
      '# h',
      '$x$',
      'http://evil.test',
      'a@b.test',
      '> q',
    ];
    for (const text of lines) {
      const [, , shown] = toMarkdown('T', [{ kind: 'text', text }]).split('\n');
      assert.match(shown ?? '', /^(\\[-+=#$>]|\d+\\[.)]|http\\:|a\\@)/, text);
    }
  });

  it('lose characters that would break a drawing', () => {
    const html = toHtml('T', [{ kind: 'text', text: 'a\u0000b\ud800c\u001bd' }], 'en');
    assert.ok(html.includes('<p>a\ufffdb\ufffdc\ufffdd</p>'));
  });
});

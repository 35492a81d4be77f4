import assert from 'node:assert/strict';
import { bilingualTexts, proseOfReadme } from './bilingualTexts';

/** Terms of the field, and what Chinese textbooks call them. Where the English text has one, the Chinese has the other. */
const glossary: readonly (readonly [english: RegExp, chinese: RegExp])[] = [
  [/\btokens?\b(?! type)/i, /词元|访问令牌/],
  [/\btoken type|\bsegment embedding/i, /片段/],
  [/\bembeddings?\b/i, /嵌入/],
  [/\battention heads?\b/i, /注意力头/],
  [/\bself-attention\b/i, /自注意力/],
  [/\bmulti-head attention\b/i, /多头注意力/],
  [/\bcross attention\b/i, /交叉注意力/],
  [/\bcausal mask\b/i, /因果掩码/],
  [/\bmasked language model/i, /掩码语言模型/],
  [/\bresidual\b/i, /残差/],
  [/\blayer norms?\b/i, /层归一化/],
  [/\bfeed-forward\b/i, /前馈/],
  [/\bhidden states?\b/i, /隐状态/],
  [/\bperplexity\b/i, /困惑度/],
  [/\bsurprisal\b/i, /意外度/],
  [/\bfine-tun/i, /微调/],
  [/\binstruction-tuned\b/i, /指令微调/],
  [/\bpretrained\b|\bpretraining\b/i, /预训练|先学习/],
  [/\bpatch(es)?\b/i, /图块/],
  [/(?<!\.)\bprompts?\b/i, /提示词/],
  [/\bzero-shot\b/i, /零样本|zero-shot/],
  [/\bfew-shot\b/i, /少样本|few-shot/],
  [/\bchain of thought\b/i, /思维链/],
  [/\btest items?\b/i, /测试项/],
  [/\bscorer\b/i, /评分/],
  [/\bbundled\b/i, /内置/],
  [/\bthe hub\b(?! Endpoint)/i, /模型中心/],
  [/\blicence\b/i, /许可证/],
];

/** What a Chinese reader must not meet, and what stands for it. */
const chineseFaults: readonly (readonly [name: string, fault: RegExp])[] = [
  ['你, not 您', /您/],
  ['词元; a key of the hub is an 访问令牌', /(?<!访问)令牌|标记符/],
  ['内置', /自带/],
  ['掩盖', /遮盖|遮住|掩蔽/],
  ['图块', /图像块/],
  ['提示词', /提示(?!词)/],
  ['隐状态', /隐藏状态/],
  ['词元嵌入', /词嵌入/],
  ['原生代码', /本机代码/],
  ['对话模板', /聊天模板/],
  ['测试项', /条目/],
  ['运行 a command', /执行/],
  ['Esc and Enter', /Escape|回车/],
  ['“…”, full width', /["「」『』]|(?<!\w)'|'(?!\w)/],
  ['…', /\.\.\.|……/],
  ['a space between Chinese and Latin', /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u],
  ['95%, without a space', / %/],
  ['full-width punctuation', /\p{Script=Han}[,.;:!?()]|[,;:!?()]\p{Script=Han}/u],
  ['no space beside full-width punctuation', /[，。；：！？、（）“”] (?!\|)|(?<!\|) [，。；：！？、（）“”]/],
];

const englishFaults: readonly (readonly [name: string, fault: RegExp])[] = [
  ['’ and “…”', /["']/],
  ['…', /\.\.\./],
  ['95%, without a space', / %/],
  [
    '-ize, as in tokenize',
    /\b(token|normal|renormal|summar|quant|recogn|visual|minim|maxim|optim|general)is(e|ing|ed|ation)/i,
  ],
  ['learned, spelled', /\blearnt\b|\bspelt\b/],
  ['again, not anew', /\banew\b/],
  ['inspected, not looked into', /\blook(ed)? into\b/],
  ['is in the text, not stands there', /\bstands? (before|behind|there|in)\b(?! for)/],
  ['after, not behind', /\bbehind\b(?! (it|them)\b)/],
  ['most common', /\bcommonest\b/],
];

/** Quoted as they are typed: a query, and words for small models that were trained without such spaces. */
const quotesCode = /^failure:any|“用JSON回答。”|p\(词 \| 上下文\)/;

const texts = bilingualTexts();

describe('the wording', () => {
  it('is found everywhere that it is written', () => {
    const places = new Set(texts.map(({ place }) => place.split(':')[0]));
    assert.ok(texts.length > 2000, String(texts.length));
    assert.ok(
      places.has('report of a comparison') && places.has('package.nls') && places.has('report of a study'),
    );
  });

  it('calls things in Chinese what textbooks call them', () => {
    const strays = glossary.flatMap(([english, chinese]) =>
      texts
        .filter(({ en, zh }) => english.test(en) && !chinese.test(zh))
        .map(({ place, en, zh }) => `${chinese.source} | ${place} | ${en} | ${zh}`),
    );
    assert.deepEqual(strays, []);
  });

  it('is Chinese as it is written and set in China', () => {
    const chinese = [
      ...texts.map(({ zh }) => zh),
      ...proseOfReadme().map((line) => line.replaceAll('`', '')),
    ];
    assert.deepEqual(faultsIn(chinese, chineseFaults), []);
  });

  it('is English as it is written and set by those who speak it', () => {
    assert.deepEqual(
      faultsIn(
        texts.map(({ en }) => en),
        englishFaults,
      ),
      [],
    );
  });

  it('fills in the same figures in both languages', () => {
    const places = (text: string): string[] => [...new Set(text.match(/\{\w*\}/g) ?? [])].sort();
    for (const { en, zh, place } of texts) {
      assert.deepEqual(places(zh), places(en), `${place}: ${en}`);
    }
  });

  it('has no space at an end or twice in a row', () => {
    const joins = new Set([', ', ' ', '、', '']);
    const loose = texts
      .flatMap(({ en, zh }) => [en, zh])
      .filter((text) => !joins.has(text) && /^\s|\s$| {2}/.test(text));
    assert.deepEqual(loose, []);
  });
});

function faultsIn(all: readonly string[], faults: readonly (readonly [string, RegExp])[]): string[] {
  return faults.flatMap(([name, fault]) =>
    all.filter((text) => !quotesCode.test(text) && fault.test(text)).map((text) => `${name} | ${text}`),
  );
}

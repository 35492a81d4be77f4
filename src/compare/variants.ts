import type { Bilingual, Citation, WorkId } from './works';

/** What papers say about the sizes and the training of the models that made the family. */
export interface Variant {
  readonly name: string;
  readonly year: number;
  readonly kind: 'encoder' | 'decoder' | 'encoder-decoder';
  /** Blocks; of an encoder-decoder those of each stack. Null where it was never published. */
  readonly layers: number | null;
  readonly width: number | null;
  readonly heads: number | null;
  readonly parameters: number | null;
  readonly vocabulary: number | null;
  /** Tokens read at once; null where nothing limits them or nothing was published. */
  readonly context: number | null;
  readonly data: Bilingual;
  readonly objective: Bilingual;
  /** What was new about it. */
  readonly point: Bilingual;
  readonly sources: Readonly<Record<VariantFact, Citation>>;
}

export type VariantFact = 'sizes' | 'parameters' | 'vocabulary' | 'context' | 'data' | 'objective';

/** Layers, width, heads, parameters in millions. */
type Size = readonly [
  name: string,
  layers: number | null,
  width: number | null,
  heads: number | null,
  millions: number | null,
];

type Shared = Omit<Variant, 'name' | 'layers' | 'width' | 'heads' | 'parameters'>;

function sizes(shared: Shared, ...all: readonly Size[]): Variant[] {
  return all.map(([name, layers, width, heads, millions]) => ({
    ...shared,
    ...{ name, layers, width, heads },
    // Millions as the paper rounds them, without what a product of fractions leaves behind.
    parameters: millions === null ? null : Math.round(millions * 1e6),
  }));
}

/** All facts from one work; some of them from other places. */
function from(work: WorkId, places: Readonly<Record<VariantFact, string | Citation>>): Variant['sources'] {
  const cite = (fact: VariantFact): Citation => {
    const place = places[fact];
    return typeof place === 'string' ? { work, place } : place;
  };
  return {
    sizes: cite('sizes'),
    parameters: cite('parameters'),
    vocabulary: cite('vocabulary'),
    context: cite('context'),
    data: cite('data'),
    objective: cite('objective'),
  };
}

const nextToken: Bilingual = { en: 'next token', zh: '预测下一个词元' };

export const variants: readonly Variant[] = [
  ...sizes(
    {
      year: 2017,
      kind: 'encoder-decoder',
      vocabulary: 37_000,
      context: null,
      data: {
        en: 'WMT 2014 English–German: 4.5 million sentence pairs',
        zh: 'WMT 2014 英德：450 万个句对',
      },
      objective: { en: 'translation', zh: '翻译' },
      point: {
        en: 'Attention alone, without recurrence: every token reaches every other in one step, and all are computed at once.',
        zh: '只用注意力、不用循环：任意两个词元一步可达，所有位置可以同时计算。',
      },
      sources: from('vaswani2017', {
        sizes: 'table 3',
        parameters: 'table 3',
        vocabulary: 'section 5.1',
        context: 'section 3.5',
        data: 'section 5.1',
        objective: 'section 5',
      }),
    },
    ['Transformer base', 6, 512, 8, 65],
    ['Transformer big', 6, 1024, 16, 213],
  ),
  ...sizes(
    {
      year: 2018,
      kind: 'decoder',
      vocabulary: 40_000,
      context: 512,
      data: { en: 'BooksCorpus: over 7,000 books', zh: 'BooksCorpus：7000 多本书' },
      objective: nextToken,
      point: {
        en: 'One decoder, pretrained on plain text and then fine-tuned, does many tasks with hardly any task-specific parts.',
        zh: '一个解码器先在纯文本上预训练再微调，几乎不加专用部件就能完成多种任务。',
      },
      sources: from('radford2018', {
        sizes: 'section 4.1',
        parameters: { work: 'radford2019', place: 'section 2.3, table 2 (its smallest equals GPT)' },
        vocabulary: 'section 4.1 (merges of its byte pair encoding)',
        context: 'section 4.1',
        data: 'section 4.1',
        objective: 'section 3.1',
      }),
    },
    ['GPT-1', 12, 768, 12, 117],
  ),
  ...sizes(
    {
      year: 2018,
      kind: 'encoder',
      vocabulary: 30_000,
      context: 512,
      data: {
        en: 'BooksCorpus (800 million words) and English Wikipedia (2,500 million words)',
        zh: 'BooksCorpus（8 亿词）和英文维基百科（25 亿词）',
      },
      objective: { en: 'masked language model, next sentence', zh: '掩码语言模型、下一句预测' },
      point: {
        en: 'Each word is read from both sides at once, which masking makes possible to train.',
        zh: '每个词同时从左右两侧理解，掩码使这种训练成为可能。',
      },
      sources: from('devlin2019', {
        sizes: 'section 3',
        parameters: 'section 3',
        vocabulary: 'section 3',
        context: 'appendix A.2',
        data: 'section 3.1',
        objective: 'section 3.1',
      }),
    },
    ['BERT base', 12, 768, 12, 110],
    ['BERT large', 24, 1024, 16, 340],
  ),
  ...sizes(
    {
      year: 2019,
      kind: 'decoder',
      vocabulary: 50_257,
      context: 1024,
      data: { en: 'WebText: 8 million documents, 40 GB', zh: 'WebText：800 万篇文档，40 GB' },
      objective: nextToken,
      point: {
        en: 'Larger and on wider text, a language model begins to do tasks it was never trained for, told only by the prompt.',
        zh: '规模更大、语料更广，语言模型开始只凭提示词完成从未训练过的任务（零样本）。',
      },
      sources: from('radford2019', {
        sizes: {
          work: 'gpt2Code',
          place: 'hparams.json; layers and width also in Radford et al. 2019, table 2',
        },
        parameters: { work: 'gpt2Code', place: 'README, which corrects table 2 of the paper' },
        vocabulary: 'section 2.3',
        context: 'section 2.3',
        data: 'section 2.1',
        objective: 'section 2',
      }),
    },
    ['GPT-2 small', 12, 768, 12, 124],
    ['GPT-2 medium', 24, 1024, 16, 355],
    ['GPT-2 large', 36, 1280, 20, 774],
    ['GPT-2 XL', 48, 1600, 25, 1558],
  ),
  ...sizes(
    {
      year: 2019,
      kind: 'encoder',
      vocabulary: 50_000,
      context: 512,
      data: { en: 'over 160 GB of text, five corpora', zh: '160 GB 以上文本，五个语料库' },
      objective: { en: 'masked language model, masked again each time', zh: '掩码语言模型（每次重新掩码）' },
      point: {
        en: 'BERT trained longer, on ten times the text, in larger batches, without next-sentence prediction and with dynamic masking, is much better.',
        zh: '同样的 BERT，训练更久、数据约十倍、批量更大，去掉下一句预测并采用动态掩码，效果明显更好。',
      },
      sources: from('liu2019', {
        sizes: 'appendix, table 9',
        parameters: { work: 'fairseqRoberta', place: 'README (355M also in Liu et al. 2019, section 5)' },
        vocabulary: 'section 4.4',
        context: 'section 4.2',
        data: 'section 3.2',
        objective: 'sections 4.1 and 4.2',
      }),
    },
    ['RoBERTa base', 12, 768, 12, 125],
    ['RoBERTa large', 24, 1024, 16, 355],
  ),
  ...sizes(
    {
      year: 2019,
      kind: 'encoder',
      vocabulary: 30_000,
      context: 512,
      data: { en: 'BooksCorpus and English Wikipedia, 16 GB', zh: 'BooksCorpus 和英文维基百科，16 GB' },
      objective: { en: 'masked language model, sentence order', zh: '掩码语言模型、句子顺序预测' },
      point: {
        en: 'All layers share one set of weights and the embedding is narrow (128): few parameters, but no less compute per token.',
        zh: '所有层共享一套权重，词元嵌入只有 128 维：参数很少，但每个词元的计算量并不减少。',
      },
      sources: from('lan2020', {
        sizes: 'table 1; heads: section 3.1 (width / 64)',
        parameters: 'table 1',
        vocabulary: 'section 4.1',
        context: 'section 4.1',
        data: 'section 4.1',
        objective: 'section 3.1',
      }),
    },
    ['ALBERT base', 12, 768, 12, 12],
    ['ALBERT large', 24, 1024, 16, 18],
    ['ALBERT xlarge', 24, 2048, 32, 60],
    ['ALBERT xxlarge', 12, 4096, 64, 235],
  ),
  ...sizes(
    {
      year: 2019,
      kind: 'encoder',
      vocabulary: 30_000,
      context: 512,
      data: { en: 'as BERT', zh: '与 BERT 相同' },
      objective: {
        en: 'the teacher’s probabilities, masked language model, direction of hidden states',
        zh: '教师的概率分布、掩码语言模型、隐状态方向',
      },
      point: {
        en: 'Every second layer of BERT, taught by BERT: 40% smaller, 60% faster, with 97% of its language understanding.',
        zh: '保留 BERT 一半的层，由 BERT 作教师蒸馏：小 40%，快 60%，保留其 97% 的语言理解能力。',
      },
      sources: from('sanh2019', {
        sizes: 'section 3 (half of BERT base’s layers)',
        parameters: 'table 3',
        vocabulary: { work: 'devlin2019', place: 'section 3 (its student has the same)' },
        context: { work: 'devlin2019', place: 'appendix A.2 (its student has the same)' },
        data: 'section 3',
        objective: 'section 2',
      }),
    },
    ['DistilBERT', 6, 768, 12, 66],
  ),
  ...sizes(
    {
      year: 2019,
      kind: 'encoder-decoder',
      vocabulary: 32_000,
      context: 512,
      data: {
        en: 'C4: about 750 GB of web text, 1 trillion tokens read',
        zh: 'C4：约 750 GB 网页文本，读取约 1 万亿词元',
      },
      objective: { en: 'spans replaced by a sentinel, to be written out', zh: '以标记替换片段并写出原文' },
      point: {
        en: 'Every task is text in, text out, so one model, one loss and one way of decoding serve all.',
        zh: '一切任务都是“文本进、文本出”，同一个模型、损失和解码方式适用于所有任务。',
      },
      sources: from('raffel2020', {
        sizes: 'sections 3.1.1 and 3.7',
        parameters: 'section 3.7',
        vocabulary: 'section 3.1.3',
        context: 'section 3.1.2',
        data: 'sections 2.2 and 3.7',
        objective: 'sections 3.1.4 and 3.3.4',
      }),
    },
    ['T5 small', 6, 512, 8, 60],
    ['T5 base', 12, 768, 12, 220],
    ['T5 large', 24, 1024, 16, 770],
    ['T5 3B', 24, 1024, 32, 2800],
    ['T5 11B', 24, 1024, 128, 11_000],
  ),
  ...sizes(
    {
      year: 2019,
      kind: 'encoder-decoder',
      vocabulary: 50_000,
      context: 1024,
      data: { en: '160 GB, as RoBERTa', zh: '160 GB，与 RoBERTa 相同' },
      objective: {
        en: 'text with spans blanked and sentences shuffled, to be restored',
        zh: '还原被填空、打乱句序的文本',
      },
      point: {
        en: 'BERT’s reading from both sides joined to GPT’s writing from left to right, trained to repair broken text.',
        zh: '把 BERT 的双向阅读与 GPT 的自左向右书写结合起来，通过修复受损文本训练。',
      },
      sources: from('lewis2020', {
        sizes: 'sections 2.1 and 5.1; heads and base width: released models',
        parameters: { work: 'fairseqBart', place: 'README' },
        vocabulary: 'section 5.1 (the byte pair encoding of GPT-2)',
        context: { work: 'fairseqBart', place: 'released models' },
        data: 'section 5.1',
        objective: 'sections 2.2 and 5.1',
      }),
    },
    ['BART base', 6, 768, 12, 140],
    ['BART large', 12, 1024, 16, 400],
  ),
  ...sizes(
    {
      year: 2020,
      kind: 'encoder',
      vocabulary: 30_000,
      context: 512,
      data: {
        en: 'base as BERT (3.3 billion tokens); large as XLNet (33 billion)',
        zh: 'base 与 BERT 相同（33 亿词元）；large 与 XLNet 相同（330 亿）',
      },
      objective: { en: 'replaced token detection', zh: '替换词元检测' },
      point: {
        en: 'It tells for every token whether a small generator replaced it, so it learns from all tokens and not just 15%.',
        zh: '判断每个词元是否被小生成器替换，因此从全部词元学习，而不只是 15%。',
      },
      sources: from('clark2020', {
        sizes: 'appendix A, table 6',
        parameters: 'tables 1 and 2',
        vocabulary: { work: 'devlin2019', place: 'section 3 (it uses BERT’s)' },
        context: { work: 'devlin2019', place: 'appendix A.2 (it is trained as BERT)' },
        data: 'section 3.1',
        objective: 'section 2',
      }),
    },
    ['ELECTRA base', 12, 768, 12, 110],
    ['ELECTRA large', 24, 1024, 16, 335],
  ),
  ...sizes(
    {
      year: 2020,
      kind: 'encoder',
      vocabulary: 30_000,
      context: 128,
      data: {
        en: 'as BERT (3.3 billion tokens)',
        zh: '与 BERT 相同（33 亿词元）',
      },
      objective: { en: 'replaced token detection', zh: '替换词元检测' },
      point: {
        en: 'The same on one graphics card in four days, and better than GPT-1, which took thirty times the compute.',
        zh: '同样的方法，在一块显卡上训练四天，就胜过计算量为其三十倍的 GPT-1。',
      },
      sources: from('clark2020', {
        sizes: 'appendix A, table 6',
        parameters: 'tables 1 and 2',
        vocabulary: { work: 'devlin2019', place: 'section 3 (it uses BERT’s)' },
        context: 'section 3.4',
        data: 'section 3.1',
        objective: 'section 2',
      }),
    },
    ['ELECTRA small', 12, 256, 4, 14],
  ),
  ...sizes(
    {
      year: 2020,
      kind: 'decoder',
      vocabulary: 50_257,
      context: 2048,
      data: {
        en: '300 billion tokens read, from 499 billion (filtered Common Crawl, WebText2, books, Wikipedia)',
        zh: '从 4990 亿词元（过滤后的 Common Crawl、WebText2、书籍、维基百科）中读取 3000 亿',
      },
      objective: nextToken,
      point: {
        en: 'At a hundred times GPT-2’s size a few examples in the prompt replace fine-tuning (in-context learning).',
        zh: '规模达 GPT-2 的百倍，提示词中的几个示例即可代替微调（上下文学习）。',
      },
      sources: from('brown2020', {
        sizes: 'table 2.1, as printed',
        parameters: 'table 2.1',
        vocabulary: { work: 'radford2019', place: 'section 2.3 (the same encoding)' },
        context: 'section 2.1',
        data: 'tables 2.1 and 2.2',
        objective: 'section 2',
      }),
    },
    ['GPT-3 Small', 12, 768, 12, 125],
    ['GPT-3 Medium', 24, 1024, 16, 350],
    ['GPT-3 Large', 24, 1536, 16, 760],
    ['GPT-3 XL', 24, 2048, 24, 1300],
    ['GPT-3 2.7B', 32, 2560, 32, 2700],
    ['GPT-3 6.7B', 32, 4096, 32, 6700],
    ['GPT-3 13B', 40, 5140, 40, 13_000],
    ['GPT-3 175B', 96, 12_288, 96, 175_000],
  ),
  ...sizes(
    {
      year: 2022,
      kind: 'decoder',
      vocabulary: 50_257,
      context: 2048,
      data: {
        en: 'GPT-3, then about 13,000 prompts with written answers, 33,000 with ranked ones, 31,000 for reinforcement',
        zh: '在 GPT-3 之上：约 1.3 万条提示词配示范回答，3.3 万条配排序，3.1 万条用于强化学习',
      },
      objective: {
        en: 'written answers, a reward model, reinforcement from human feedback',
        zh: '示范微调、奖励模型、人类反馈强化学习',
      },
      point: {
        en: 'Taught by people’s preferences: answers of its 1.3B are preferred to those of the 175B GPT-3.',
        zh: '按人的偏好训练：其 1.3B 模型的回答比 175B 的 GPT-3 更受青睐。',
      },
      sources: from('ouyang2022', {
        sizes: { work: 'brown2020', place: 'table 2.1 (its models are GPT-3’s)' },
        parameters: 'section 1',
        vocabulary: { work: 'radford2019', place: 'section 2.3 (the same encoding)' },
        context: { work: 'brown2020', place: 'section 2.1 (its models are GPT-3’s)' },
        data: 'section 3.2',
        objective: 'section 3.5; preference: abstract',
      }),
    },
    ['InstructGPT 1.3B', 24, 2048, 24, 1300],
    ['InstructGPT 175B', 96, 12_288, 96, 175_000],
  ),
  ...sizes(
    {
      year: 2022,
      kind: 'decoder',
      vocabulary: null,
      context: null,
      data: { en: 'not published', zh: '未公布' },
      objective: {
        en: 'as InstructGPT, with conversations written and ranked by people',
        zh: '同 InstructGPT，加上人工编写和排序的对话',
      },
      point: {
        en: 'The same recipe on dialogue made a language model a product; its size was never published.',
        zh: '把同样的方法用于对话，使语言模型成为产品；其规模从未公布。',
      },
      sources: from('chatgpt2022', {
        sizes: 'not published',
        parameters: 'not published',
        vocabulary: 'not published',
        context: 'not published',
        data: 'not published',
        objective: 'section “Methods”',
      }),
    },
    ['GPT-3.5 (ChatGPT)', null, null, null, null],
  ),
];

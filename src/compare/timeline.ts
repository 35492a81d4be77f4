import type { Bilingual, Citation } from './works';

/** Something that happened between the Transformer and ChatGPT. */
export interface Milestone {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly name: string;
  /** Which of the two ways it belongs to, for its colour. */
  readonly kind: 'encoder' | 'decoder' | 'encoder-decoder' | 'law';
  readonly sentence: Bilingual;
  readonly source: Citation;
}

/** By the month of their paper: arXiv’s first version, or the announcement’s where there is no other. */
export const timeline: readonly Milestone[] = [
  {
    ...{ year: 2017, month: 6, name: 'Transformer', kind: 'encoder-decoder' },
    sentence: {
      en: 'An encoder and a decoder built of attention alone translate better than recurrent networks and train in a fraction of the time.',
      zh: '仅由注意力构成的编码器和解码器，翻译质量超过循环网络，训练时间却只是其一小部分。',
    },
    source: { work: 'vaswani2017', place: 'abstract' },
  },
  {
    ...{ year: 2018, month: 6, name: 'GPT-1', kind: 'decoder' },
    sentence: {
      en: 'The decoder alone, pretrained to predict the next token and then fine-tuned, improves 9 of 12 tasks.',
      zh: '单独的解码器先学习预测下一个词元再微调，在 12 项任务中的 9 项上取得最好成绩。',
    },
    source: { work: 'radford2018', place: 'abstract' },
  },
  {
    ...{ year: 2018, month: 10, name: 'BERT', kind: 'encoder' },
    sentence: {
      en: 'The encoder alone, pretrained to fill masked words from both sides, sets the best results on 11 tasks.',
      zh: '单独的编码器通过双向填补被掩盖的词来预训练，在 11 项任务上取得最好成绩。',
    },
    source: { work: 'devlin2019', place: 'abstract' },
  },
  {
    ...{ year: 2019, month: 2, name: 'GPT-2', kind: 'decoder' },
    sentence: {
      en: 'A larger decoder does tasks without any training for them, given only a prompt.',
      zh: '更大的解码器无需针对任务训练，只凭提示词就能完成任务。',
    },
    source: { work: 'radford2019', place: 'abstract' },
  },
  {
    ...{ year: 2019, month: 7, name: 'RoBERTa', kind: 'encoder' },
    sentence: {
      en: 'BERT was trained too little: longer, on more text and without next-sentence prediction it matches all that came after it.',
      zh: 'BERT 训练不足：延长训练、增加数据并去掉下一句预测后，可与其后的所有模型媲美。',
    },
    source: { work: 'liu2019', place: 'abstract' },
  },
  {
    ...{ year: 2019, month: 9, name: 'ALBERT', kind: 'encoder' },
    sentence: {
      en: 'Layers that share their weights make a BERT with a ninth of the parameters.',
      zh: '各层共享权重，参数约为 BERT 的九分之一。',
    },
    source: { work: 'lan2020', place: 'table 1 (12M and 108M)' },
  },
  {
    ...{ year: 2019, month: 10, name: 'DistilBERT', kind: 'encoder' },
    sentence: {
      en: 'A student of half the layers keeps 97% of BERT’s language understanding and is 60% faster.',
      zh: '层数减半的学生模型保留 BERT 97% 的语言理解能力，速度快 60%。',
    },
    source: { work: 'sanh2019', place: 'abstract' },
  },
  {
    ...{ year: 2019, month: 10, name: 'T5', kind: 'encoder-decoder' },
    sentence: {
      en: 'All tasks as text to text; models up to 11 billion parameters on 750 GB of cleaned web text.',
      zh: '把所有任务都写成文本到文本；模型最大 110 亿参数，语料为 750 GB 清洗后的网页。',
    },
    source: { work: 'raffel2020', place: 'sections 2.2 and 3.7' },
  },
  {
    ...{ year: 2019, month: 10, name: 'BART', kind: 'encoder-decoder' },
    sentence: {
      en: 'An encoder-decoder that learns to restore broken text is as good as RoBERTa at understanding and better at writing.',
      zh: '学习还原受损文本的编码器-解码器，理解能力与 RoBERTa 相当，生成能力更强。',
    },
    source: { work: 'lewis2020', place: 'abstract' },
  },
  {
    ...{ year: 2020, month: 1, name: 'Scaling laws', kind: 'law' },
    sentence: {
      en: 'The loss falls as a power of parameters, data and compute over seven orders of magnitude.',
      zh: '损失随参数量、数据量和计算量按幂律下降，跨越七个数量级。',
    },
    source: { work: 'kaplan2020', place: 'abstract' },
  },
  {
    ...{ year: 2020, month: 3, name: 'ELECTRA', kind: 'encoder' },
    sentence: {
      en: 'A model that tells replaced tokens from real ones learns from every token, so the same compute teaches more.',
      zh: '区分真实词元与被替换词元，从每个词元中学习，同样的计算量学到更多。',
    },
    source: { work: 'clark2020', place: 'abstract' },
  },
  {
    ...{ year: 2020, month: 5, name: 'GPT-3', kind: 'decoder' },
    sentence: {
      en: 'With 175 billion parameters, examples in the prompt take the place of fine-tuning.',
      zh: '1750 亿参数，提示词中的示例取代了微调。',
    },
    source: { work: 'brown2020', place: 'abstract' },
  },
  {
    ...{ year: 2022, month: 3, name: 'InstructGPT', kind: 'decoder' },
    sentence: {
      en: 'GPT-3 learns to follow instructions from answers that people wrote and ranked.',
      zh: 'GPT-3 从人工编写和排序的回答中学会遵循指令。',
    },
    source: { work: 'ouyang2022', place: 'abstract' },
  },
  {
    ...{ year: 2022, month: 3, name: 'Chinchilla', kind: 'law' },
    sentence: {
      en: 'Large models were trained on too little text: parameters and tokens should grow alike, and 70 billion parameters then beat 280 billion.',
      zh: '大模型的训练文本太少：参数与词元应同步增长，700 亿参数因此胜过 2800 亿。',
    },
    source: { work: 'hoffmann2022', place: 'abstract' },
  },
  {
    ...{ year: 2022, month: 11, name: 'ChatGPT', kind: 'decoder' },
    sentence: {
      en: 'A model of the GPT-3.5 series, tuned on dialogue by human feedback, is opened to everyone.',
      zh: '在对话上以人类反馈调优的 GPT-3.5 系列模型向所有人开放。',
    },
    source: { work: 'chatgpt2022', place: '' },
  },
];

import type { Chapter } from './course';
import { anyOf, command, page, request } from './deeds';

const sentence = {
  en: 'The cat sat on the mat because it was warm.',
  zh: '小猫坐在垫子上，因为那里很暖和。',
};

/** From the blocks to the two families that were built of them. */
export const modelChapters: readonly Chapter[] = [
  {
    id: 'blocks',
    title: { en: 'Encoder and decoder', zh: '编码器与解码器' },
    source: 'Vaswani et al. 2017, §3.1',
    steps: [
      {
        id: 'causal-mask',
        title: { en: 'Both sides, or only the past', zh: '看两侧，还是只看过去' },
        text: {
          en: 'An encoder block lets every token look at every other. A decoder block masks what comes later, so that it can be trained to predict the next token at all places at once.',
          zh: '编码器块允许每个词元看到所有其他词元；解码器块则用掩码挡住后面的内容，这样就能在所有位置同时训练“预测下一个词元”。',
        },
        look: {
          en: '“Reading” shows the same head of both models side by side. In the decoder’s the upper right half is empty: that is the causal mask.',
          zh: '“阅读”页并排显示两个模型中同一位置的注意力头。解码器的右上半部分是空的：这就是因果掩码。',
        },
        action: { kind: 'compare', text: sentence, tab: 'reading' },
        isDoneBy: page('compare/tab', { tab: 'reading' }),
      },
      {
        id: 'block-parts',
        title: { en: 'The parts of a block', zh: '一个块由什么组成' },
        text: {
          en: 'Attention, then a feed-forward network at each position; around each a residual connection and a layer norm, after it in BERT (post-norm), before it in GPT-2 (pre-norm).',
          zh: '先是注意力，再是逐位置的前馈网络；两者外面都有残差连接和层归一化：BERT 放在其后（post-norm），GPT-2 放在其前（pre-norm）。',
        },
        look: {
          en: '“Architecture” draws both stacks from the models’ own files. Choose a part to see how many parameters it has. Where are most of them?',
          zh: '“架构”页直接根据模型文件画出两者的结构。选择一个部分可以看到它的参数量。大部分参数在哪里？',
        },
        action: { kind: 'compare', text: sentence, tab: 'architecture' },
        isDoneBy: page('compare/tab', { tab: 'architecture' }),
      },
      {
        id: 'cross-attention',
        title: { en: 'Cross attention in a translation', zh: '翻译中的交叉注意力' },
        text: {
          en: 'In the whole transformer the decoder asks the encoder: its queries come from the translation, keys and values from the source.',
          zh: '在完整的 Transformer 中，解码器向编码器“提问”：查询来自译文，键和值来自原文。',
        },
        look: {
          en: 'The bundled scope-seq2seq translates the sentence. Rows are the translation, columns the source: each word should find the word that it translates.',
          zh: '内置的 scope-seq2seq 会翻译这个句子。行是译文，列是原文：每个词应当找到它所翻译的那个词。',
        },
        action: {
          kind: 'attention',
          model: 'scope-seq2seq',
          text: { en: 'The cat sat on the mat.', zh: '小猫坐在垫子上。' },
        },
        isDoneBy: request('attention/run', ({ model }) => /seq2seq|t5|marian|opus|bart/i.test(model)),
      },
      {
        id: 'logit-lens',
        title: { en: 'The answer, layer by layer', zh: '逐层查看答案' },
        text: {
          en: 'Every block adds something to the residual stream. The logit lens asks after each layer: if the model ended here, what would it say (nostalgebraist 2020)?',
          zh: '每个块都会向残差流中添加信息。Logit lens 在每一层之后提问：如果模型到此为止，它会给出什么（nostalgebraist，2020）？',
        },
        look: {
          en: 'Double-click a token, then choose “Layer by layer”. The answer sharpens from layer to layer, and the entropy falls.',
          zh: '双击一个词元，再选择“逐层”。答案逐层变得明确，熵逐渐下降。',
        },
        action: {
          kind: 'attention',
          model: 'scope-gpt',
          text: { en: 'Once upon a time there was a little girl', zh: '从前有一只小猫，它很喜欢吃鱼。' },
        },
        isDoneBy: request('language/logitLens'),
      },
    ],
  },
  {
    id: 'bert',
    title: { en: 'BERT: reading from both sides', zh: 'BERT：双向阅读' },
    source: 'Devlin et al. 2019, BERT',
    steps: [
      {
        id: 'masked-word',
        title: { en: 'Fill a masked word', zh: '填出被掩盖的词' },
        text: {
          en: 'BERT is trained to restore masked words from the text on both sides.',
          zh: 'BERT 的训练目标是根据两侧的上下文还原被掩盖的词。',
        },
        look: {
          en: 'The list gives its candidates with their probabilities over the whole vocabulary. Enter writes one. Now mask another word and see how sure it is.',
          zh: '列表给出候选词及其在整个词表上的概率，按 Enter 写入。再掩盖另一个词，看看它有多大把握。',
        },
        action: {
          kind: 'command',
          command: 'predictMasks',
          write: true,
          select: 'all',
          text: { en: 'The cat sat on the [MASK].', zh: '小猫坐在[MASK]子上。' },
        },
        isDoneBy: command('predictMasks'),
      },
      {
        id: 'pretraining',
        title: { en: 'How it was trained: 15%, 80/10/10', zh: '它是怎样训练的：15%，80/10/10' },
        text: {
          en: '15% of the tokens are chosen; of these eight in ten become [MASK], one in ten another word, and one in ten stays. RoBERTa chooses again each time the text is read.',
          zh: '随机选出 15% 的词元，其中八成换成 [MASK]，一成换成别的词，一成保持不变。RoBERTa 每次读到文本时都会重新选择。',
        },
        look: {
          en: '“Pretraining” does this to your text and shows the loss at every chosen place. “Mask Again” chooses others. Beside it: GPT, which has a loss at every place.',
          zh: '“预训练”页对你的文本做同样的事，并显示每个选中位置的损失；点击“重新掩码”可以另选一批。旁边是 GPT：它在每个位置都有损失。',
        },
        action: { kind: 'compare', text: sentence, tab: 'pretraining' },
        isDoneBy: page('compare/tab', { tab: 'pretraining' }),
      },
      {
        id: 'next-sentence',
        title: { en: 'Does one sentence follow the other?', zh: '两句话相邻吗？' },
        text: {
          en: 'BERT’s second task: given two sentences, did the second follow the first? RoBERTa left it out and lost nothing; ALBERT asks for their order instead.',
          zh: 'BERT 的第二个任务：给出两句话，判断后一句是否紧接前一句。RoBERTa 去掉了它，效果并未下降；ALBERT 则改为判断两句话的顺序。',
        },
        look: {
          en: 'Compare with the same two sentences the other way round, and with a second sentence about something else.',
          zh: '再把两句话对调，或者换上一句毫不相干的话，比较结果。',
        },
        action: {
          kind: 'command',
          command: 'nextSentence',
          select: 'lines',
          text: {
            en: 'Once upon a time there was a little girl named Lily.\nShe loved to play with her red ball.',
            zh: '从前有一个小女孩，名叫莉莉。\n她喜欢玩她的红皮球。',
          },
        },
        isDoneBy: anyOf(command('nextSentence'), request('language/nextSentence')),
      },
      {
        id: 'fine-tuning',
        title: { en: 'Fine-tuning: a head for sentiment', zh: '微调：为情感分类加一个头' },
        text: {
          en: 'After pretraining a small new layer on top of [CLS] learns the task from labelled examples, and the whole model is adjusted a little.',
          zh: '预训练之后，在 [CLS] 之上加一层新的小网络，用带标签的样本学习任务，同时微调整个模型。',
        },
        look: {
          en: 'The colours say what each word contributed: the label’s probability with the word and without it.',
          zh: '颜色表示每个词的贡献：有这个词和没有这个词时标签概率的差别。',
        },
        action: {
          kind: 'command',
          command: 'classifySentiment',
          select: 'all',
          text: {
            en: 'The food was wonderful, but the service was terribly slow.',
            zh: '房间很干净，早餐也很好，就是隔音太差了。',
          },
        },
        isDoneBy: command('classifySentiment'),
      },
      {
        id: 'variants',
        title: { en: 'BERT’s relatives', zh: 'BERT 的变体' },
        text: {
          en: 'RoBERTa trains longer on more text, ALBERT shares its layers, DistilBERT copies a teacher, ELECTRA finds replaced words.',
          zh: 'RoBERTa 用更多文本训练更久，ALBERT 各层共享参数，DistilBERT 模仿教师模型，ELECTRA 判断哪些词被替换过。',
        },
        look: {
          en: '“History” lists what each of them changed and in which paper, and shows the loss that models of different sizes reach.',
          zh: '“历史”页列出每个变体改变了什么、出自哪篇论文，并给出不同规模的模型所达到的损失。',
        },
        action: { kind: 'compare', text: sentence, tab: 'history' },
        isDoneBy: page('compare/tab', { tab: 'history' }),
      },
    ],
  },
  {
    id: 'gpt',
    title: { en: 'GPT: always the next token', zh: 'GPT：永远预测下一个词元' },
    source: 'Radford et al. 2018, 2019 · Brown et al. 2020 · Ouyang et al. 2022',
    steps: [
      {
        id: 'continue',
        title: { en: 'Let it write', zh: '让它续写' },
        text: {
          en: 'GPT predicts the next token, appends it and predicts again. That is all it does, and all that its descendants do.',
          zh: 'GPT 预测下一个词元，把它接上，再预测下一个。它所做的仅此而已，它的后继者也是如此。',
        },
        look: {
          en: 'Grey text is what it would write. Tab accepts it, Ctrl+→ accepts one word, Escape rejects it. The bundled model is very small: it writes like a children’s book.',
          zh: '灰色文字是它想写的内容。按 Tab 全部接受，Ctrl+→ 接受一个词，Esc 放弃。内置模型很小，写出来像儿童读物。',
        },
        action: {
          kind: 'command',
          command: 'continueText',
          write: true,
          select: 'end',
          text: { en: 'Once upon a time there was a little', zh: '从前有一只小猫，' },
        },
        isDoneBy: command('continueText'),
      },
      {
        id: 'surprisal',
        title: { en: 'What surprised it', zh: '它对什么感到意外' },
        text: {
          en: 'The loss of a language model is surprisal: minus the logarithm of the probability of what really came next, in bits here.',
          zh: '语言模型的损失就是意外度：真正出现的下一个词元的概率取负对数，这里以比特为单位。',
        },
        look: {
          en: 'Function words cost little, the first mention of a name costs much, the second far less: in-context learning within a single text.',
          zh: '虚词的意外度低；名字第一次出现时很高，第二次就低得多：一小段文本之内的上下文学习。',
        },
        action: {
          kind: 'command',
          command: 'showSurprisal',
          select: 'all',
          text: {
            en: 'Tom went to the market. At the market Tom bought a purple elephant and a loaf of bread.',
            zh: '小明去了市场。在市场上，小明买了一头紫色的大象和一个面包。',
          },
        },
        isDoneBy: command('showSurprisal'),
      },
      {
        id: 'sampling',
        title: { en: 'Temperature, top-k, top-p', zh: '温度、top-k、top-p' },
        text: {
          en: 'A probability for every token of the vocabulary is not yet a text. Temperature flattens or sharpens them, top-k and top-p cut off the tail.',
          zh: '词表中每个词元的概率还不是文本。温度使分布更平或更尖，top-k 和 top-p 则截掉尾部。',
        },
        look: {
          en: 'Double-click the last token. Beside each probability you see what your settings leave of it.',
          zh: '双击最后一个词元。每个概率旁边显示经你的设置处理之后剩下多少。',
        },
        action: {
          kind: 'attention',
          model: 'scope-gpt',
          text: { en: 'The old man went to the', zh: '老人慢慢地走到' },
        },
        isDoneBy: request('attention/predict'),
      },
      {
        id: 'instruction',
        title: { en: 'Tuned to follow instructions', zh: '学会听从指令' },
        text: {
          en: 'GPT-3 continued; InstructGPT answers. The same network was trained further on conversations, then on what people preferred.',
          zh: 'GPT-3 只会续写，InstructGPT 则会回答：同一个网络先在对话上继续训练，再根据人的偏好训练。',
        },
        look: {
          en: 'At the end of “Pretraining” both models answer the same request, the base one and the tuned one.',
          zh: '在“预训练”页末尾，基础模型和微调后的模型回答同一个请求。',
        },
        action: {
          kind: 'compare',
          tab: 'pretraining',
          text: { en: 'Translate into Chinese: cat', zh: '把“猫”翻译成英文。' },
        },
        isDoneBy: page('compare/chat'),
      },
    ],
  },
];

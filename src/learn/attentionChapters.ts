import type { Chapter } from './course';
import { command, request } from './deeds';

/** The first three chapters: what attention is, why there are many heads, and how order gets in. */
export const attentionChapters: readonly Chapter[] = [
  {
    id: 'self-attention',
    title: { en: 'Self-attention', zh: '自注意力' },
    source: 'Vaswani et al. 2017, Attention Is All You Need, §3.2.1',
    steps: [
      {
        id: 'first-look',
        title: { en: 'See who looks at whom', zh: '看看谁在关注谁' },
        text: {
          en: 'For every token the model makes a query, a key and a value. How well the query of one token fits the key of another, divided by √d and put through a softmax, is how much it takes of the other’s value: the attention weight.',
          zh: '模型为每个词元计算查询（Q）、键（K）和值（V）。一个词元的查询与另一个词元的键的点积除以 √d，再经过 softmax，就是它从对方的值中取用的比例：注意力权重。',
        },
        look: {
          en: 'In the matrix a row is a query and a column is a key. Point at a cell for its number. Every row sums to 1.',
          zh: '矩阵中每一行是一个查询，每一列是一个键。把鼠标移到格子上可以看到数值；每一行之和为 1。',
        },
        action: {
          kind: 'attention',
          text: {
            en: 'The cat did not cross the street because it was tired.',
            zh: '小猫没有过马路，因为它累了。',
          },
        },
        isDoneBy: request('attention/run'),
      },
      {
        id: 'one-token',
        title: { en: 'Follow one token in the document', zh: '在文档中跟随一个词元' },
        text: {
          en: 'The same weights can light up in the text itself: the stronger the colour, the more the token under the cursor attends to that place.',
          zh: '同样的权重也可以直接在文本中点亮：颜色越深，光标所在的词元对该位置的关注越多。',
        },
        look: {
          en: 'Move the cursor from word to word and watch the colours follow. Escape clears them.',
          zh: '在词与词之间移动光标，颜色会随之变化。按 Esc 清除。',
        },
        action: {
          kind: 'command',
          command: 'lightUpAttention',
          select: 'all',
          text: {
            en: 'The cat did not cross the street because it was tired.',
            zh: '小猫没有过马路，因为它累了。',
          },
        },
        isDoneBy: command('lightUpAttention'),
      },
      {
        id: 'through-layers',
        title: { en: 'Follow it through all layers', zh: '跨层追踪：rollout' },
        text: {
          en: 'Each layer reads what the layer below has already mixed. Attention rollout multiplies the layers’ matrices, which shows which tokens of the text a state comes from (Abnar & Zuidema 2020).',
          zh: '每一层读取的都是前一层已经混合过的信息。rollout 方法把各层的矩阵相乘，从而说明一个状态来自文本中的哪些词元（Abnar 与 Zuidema，2020）。',
        },
        look: {
          en: 'In the panel, open the list that says “This head” and choose “Rollout up to this layer”. The rows become much alike: after a few layers everything has been mixed.',
          zh: '在面板中打开显示“当前注意力头”的列表，选择“Rollout：累计到本层”。各行变得十分相似：几层之后信息已充分混合。',
        },
        action: {
          kind: 'attention',
          text: { en: 'The dog chased the cat up the old tree.', zh: '小狗把小猫追到了大树上。' },
        },
        isDoneBy: request('attention/combine', ({ how }) => how === 'rollout' || how === 'flow'),
      },
    ],
  },
  {
    id: 'multi-head',
    title: { en: 'Multi-head attention', zh: '多头注意力' },
    source: 'Vaswani et al. 2017, §3.2.2 · Clark et al. 2019, What Does BERT Look At?',
    steps: [
      {
        id: 'many-heads',
        title: { en: 'Look at several heads at once', zh: '同时观察多个注意力头' },
        text: {
          en: 'A layer does not attend once but several times side by side, each head with matrices of its own. Their outputs are joined, so that one can look at the neighbour while another looks at the same word further back.',
          zh: '每一层并不只计算一次注意力，而是多个头并行，各有自己的矩阵，输出再拼接起来。这样一个头可以看相邻的词，另一个头可以看前文中相同的词。',
        },
        look: {
          en: 'Every small picture is one head. Hold Ctrl (⌘) and click two or three: they are shown as their mean.',
          zh: '每一张小图是一个注意力头。按住 Ctrl（⌘）点击两三个头，即可看到它们的平均值。',
        },
        action: {
          kind: 'attention',
          text: {
            en: 'The red door opens, the green door opens, and the blue door stays shut.',
            zh: '红色的门开着，绿色的门开着，蓝色的门关着。',
          },
        },
        isDoneBy: request('attention/combine', ({ how }) => how === 'mean' || how === 'max'),
      },
      {
        id: 'induction',
        title: { en: 'Find induction heads', zh: '寻找归纳头' },
        text: {
          en: 'A decoder that has seen “A B … A” expects “B”. It does this with heads that look at what followed the last time, and much of learning from examples rests on them (Olsson et al. 2022). Random tokens said twice show them: nothing there has a meaning.',
          zh: '解码器见过“A B … A”之后，会预期“B”。完成这件事的是那些关注“上一次后面跟着什么”的注意力头，从示例中学习的能力很大程度上依赖它们（Olsson 等，2022）。用重复两遍的随机词元就能找到它们：其中没有任何语义。',
        },
        look: {
          en: 'Press “Test for induction” under Patterns, then the name of the pattern to sort the heads by it: a stripe beside the diagonal is an induction head.',
          zh: '在“模式”中点击“测试归纳头”，再点击该模式的名称按得分排序：对角线旁的一条斜线就是归纳头。',
        },
        action: {
          kind: 'attention',
          model: 'scope-gpt',
          text: {
            en: 'one red two blue one red two blue one red two blue',
            zh: '一红二蓝一红二蓝一红二蓝',
          },
        },
        isDoneBy: request('attention/induction'),
      },
    ],
  },
  {
    id: 'position',
    title: { en: 'Position', zh: '位置编码' },
    source: 'Vaswani et al. 2017, §3.5',
    steps: [
      {
        id: 'same-words',
        title: { en: 'The same word over and over', zh: '重复同一个词' },
        text: {
          en: 'Attention by itself knows no order: without positions, equal words would get equal weights. So each token’s vector gets a position encoding, sines and cosines in the first transformer, learned in BERT and GPT-2.',
          zh: '注意力本身不知道顺序：没有位置信息，相同的词会得到相同的权重。因此每个词元的向量都要加上位置编码：最初的 Transformer 用正弦和余弦，BERT 和 GPT-2 则用学习得到的位置编码。',
        },
        look: {
          en: 'All words are the same here, so every difference between rows and columns comes from position alone. Look for heads with a stripe beside the diagonal: they look one place back or ahead.',
          zh: '这里所有的词都一样，所以行与列之间的任何差别都只来自位置。找一找对角线旁有斜线的头：它们看向前一个或后一个位置。',
        },
        action: {
          kind: 'attention',
          text: { en: 'cat cat cat cat cat cat cat cat', zh: '猫猫猫猫猫猫猫猫' },
        },
        isDoneBy: request('attention/run', ({ text }) => isOneWordRepeated(text)),
      },
      {
        id: 'word-order',
        title: { en: 'Turn the order around', zh: '调换词序' },
        text: {
          en: 'Two sentences of the same words mean different things when their order differs. If order mattered nowhere, both would get the same weights, only in other places.',
          zh: '用词相同、顺序不同的两个句子意思不同。如果顺序毫无作用，两句话的权重应该完全一样，只是位置不同。',
        },
        look: {
          en: 'Choose “Compare with another text…” in the panel and write “The cat chased the dog.” Words that both have are linked; the list names the largest differences.',
          zh: '在面板中选择“与另一段文本对比…”，输入“小猫追着小狗跑。”。两句共有的词会被对应起来，列表给出差别最大的位置。',
        },
        action: {
          kind: 'attention',
          text: { en: 'The dog chased the cat.', zh: '小狗追着小猫跑。' },
        },
        isDoneBy: request('attention/run', ({ owner }) => owner.endsWith('-compared')),
      },
      {
        id: 'train-tiny',
        title: { en: 'Let a tiny model learn it', zh: '让一个微型模型来学' },
        text: {
          en: 'Whether order gets in decides what can be learned. A model of a few thousand numbers learns to write five letters backwards, here and now: its loss falls while its head begins to look at the right place. Without positions it never does.',
          zh: '顺序信息能否进入模型，决定了能学会什么。一个只有几千个参数的模型就在这里学习把五个字母倒过来写：损失下降的同时，它的注意力头开始看向正确的位置。没有位置编码，它永远学不会。',
        },
        look: {
          en: 'Press Start and watch the diagonal form. Then choose the experiment “Reverse without positions” and press Start again: all rows of the blanks stay the same.',
          zh: '按“开始”，观察对角线如何形成。然后选择实验“没有位置编码的倒序”，再按“开始”：所有空位的行始终相同。',
        },
        action: { kind: 'command', command: 'trainTinyModel' },
        isDoneBy: command('trainTinyModel'),
      },
    ],
  },
];

/** At least four times the same word, or the same character, and nothing else. */
function isOneWordRepeated(text: string): boolean {
  const trimmed = text.trim();
  const words = /\s/.test(trimmed) ? trimmed.split(/\s+/) : Array.from(trimmed);
  return words.length >= 4 && new Set(words.map((word) => word.toLowerCase())).size === 1;
}

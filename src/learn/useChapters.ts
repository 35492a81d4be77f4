import type { Chapter } from './course';
import { command, page } from './deeds';

/** What one does with the finished models. */
export const useChapters: readonly Chapter[] = [
  {
    id: 'prompts',
    title: { en: 'Prompts', zh: '提示词工程' },
    source: 'Brown et al. 2020 · Wei et al. 2022, Chain-of-Thought Prompting',
    steps: [
      {
        id: 'six-ways',
        title: { en: 'Ask in six ways', zh: '用六种方式提问' },
        text: {
          en: 'Without examples, with one, with several; step by step; in a role; in a format. Nothing in the model changes, only what it reads.',
          zh: '不给示例、给一个、给多个；逐步推理；指定角色；指定格式。模型没有任何改变，变的只是它读到的内容。',
        },
        look: {
          en: 'Compare the answer of the way that thinks step by step with the others. Which is right?',
          zh: '把逐步推理的回答与其他方式比较。哪一个是对的？',
        },
        action: {
          kind: 'command',
          command: 'tryPromptStrategies',
          select: 'all',
          text: {
            en: 'Tom has 3 apples. Tom eats 1. Then Tom buys 2 more. How many apples does Tom have now?',
            zh: '如果我有3个苹果，吃了1个，又买了2个，我现在有几个苹果？',
          },
        },
        isDoneBy: command('tryPromptStrategies'),
      },
      {
        id: 'evidence',
        title: { en: 'One answer is not evidence', zh: '一个回答不是证据' },
        text: {
          en: 'Which way works is a question of many items, intervals and paired tests, not of one lucky answer.',
          zh: '哪种方式有效，要看许多样本、置信区间和配对检验，而不是一次碰巧的回答。',
        },
        look: {
          en: 'In the panel open “Data”, choose a bundled task, then “Run the Test” under “Results”. The last sentence says whether the evidence is enough.',
          zh: '在面板中打开“数据”，选择一个内置任务，再在“结果”中运行测试。最后一句话说明证据是否充分。',
        },
        action: {
          kind: 'command',
          command: 'tryPromptStrategies',
          select: 'all',
          text: { en: 'apple, banana, apple, banana, apple,', zh: '红，蓝，红，蓝，红，' },
        },
        isDoneBy: page('prompts/run', { what: 'items' }),
      },
    ],
  },
  {
    id: 'clip',
    title: { en: 'CLIP: pictures and words', zh: 'CLIP：图片与文字' },
    source: 'Radford et al. 2021 · Dosovitskiy et al. 2021',
    steps: [
      {
        id: 'zero-shot-picture',
        title: { en: 'Name a picture without training', zh: '零样本图片分类' },
        text: {
          en: 'CLIP puts pictures and texts into one space. A label is a caption, and the nearest caption wins: no training on these labels.',
          zh: 'CLIP 把图片和文字映射到同一个空间。标签就是一句描述，最接近的描述胜出：不需要针对这些标签训练。',
        },
        look: {
          en: 'Change the labels and watch the probabilities. They are a softmax over your labels only: leave the right one out, and a wrong one wins.',
          zh: '修改标签，观察概率的变化。概率只是在你给出的标签之间做 softmax：去掉正确的标签，错误的就会胜出。',
        },
        action: { kind: 'picture', command: 'classifyImage', file: 'red-tree-on-the-right.png' },
        isDoneBy: command('classifyImage'),
      },
      {
        id: 'find-pictures',
        title: { en: 'Find pictures by a sentence', zh: '用一句话找图片' },
        text: {
          en: 'The same space serves search: the sentence and every picture become vectors, and the largest cosine comes first.',
          zh: '同一个空间也可以用来检索：句子和每张图片都变成向量，余弦最大的排在最前。',
        },
        look: {
          en: 'Ask for “two orange fish”, then for something that no picture shows: something always comes first.',
          zh: '搜索“两条橙色的鱼”，再搜索一样图片里都没有的东西：总会有一张排在第一。',
        },
        action: { kind: 'picture', command: 'findImages' },
        isDoneBy: command('findImages'),
      },
      {
        id: 'patches',
        title: { en: 'Attention over patches', zh: '图块上的注意力' },
        text: {
          en: 'A vision transformer cuts the picture into patches and reads them as tokens. From there on everything is as with words.',
          zh: '视觉 Transformer 把图片切成图块，当作词元来读；此后一切与文字相同。',
        },
        look: {
          en: 'Point at a patch of the object, then at the background: where does each look?',
          zh: '把鼠标移到物体所在的图块上，再移到背景上：它们分别看向哪里？',
        },
        action: {
          kind: 'picture',
          command: 'visualizeImage',
          file: 'green-house-to-the-left-of-a-purple-moon.png',
        },
        isDoneBy: command('visualizeImage'),
      },
      {
        id: 'own-model',
        title: { en: 'Your own model', zh: '换上你自己的模型' },
        text: {
          en: 'Everything above works with any Hugging Face model that has ONNX files: from a list, from the hub, or from a folder.',
          zh: '以上所有内容都适用于任何带有 ONNX 文件的 Hugging Face 模型：从列表中选择、从模型中心下载，或使用本地文件夹。',
        },
        look: {
          en: 'You see size and licence first; nothing is downloaded unasked. Then repeat the first step: do the heads of a real BERT differ from ours?',
          zh: '会先显示大小和许可证，不会擅自下载。之后重做第一步：真正的 BERT 的注意力头与我们的有何不同？',
        },
        action: { kind: 'command', command: 'chooseModel' },
        isDoneBy: command('chooseModel'),
      },
    ],
  },
];

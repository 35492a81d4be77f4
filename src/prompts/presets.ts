import type { AskedModel, Example, Frame, SamplingChoice, Study, Task, TaskKind } from '../protocol/prompts';
import { defaultTemplate } from './renderPrompt';
import { basicStrategies } from './strategy';

/** What a task of each kind begins with. Everything in it can be edited. */

interface Wording {
  readonly instruction: string;
  readonly role: string;
  readonly key: string;
  readonly labels?: readonly string[];
  readonly question?: boolean;
}

const english: Readonly<Record<TaskKind, Wording>> = {
  classify: {
    instruction: 'Is it positive or negative?',
    role: 'You are an expert.',
    key: 'sentiment',
    labels: ['positive', 'negative'],
  },
  extract: { instruction: 'Extract name, number and thing.', role: 'You are an expert.', key: 'answer' },
  answer: { instruction: '', role: 'You are a helpful assistant.', key: 'answer', question: true },
  translate: { instruction: 'Translate into Chinese.', role: 'You are a translator.', key: 'chinese' },
  summarise: {
    instruction: 'Summarise the text in one sentence.',
    role: 'You are an editor.',
    key: 'summary',
  },
  rewrite: { instruction: 'Rewrite the text more clearly.', role: 'You are an editor.', key: 'text' },
  solve: { instruction: 'Solve the problem.', role: 'You are a teacher.', key: 'answer', question: true },
  continue: { instruction: 'Go on.', role: 'You are a teacher.', key: 'next' },
  custom: { instruction: '', role: 'You are a helpful assistant.', key: 'answer' },
};

const chinese: Readonly<Record<TaskKind, Wording>> = {
  classify: {
    instruction: '这是正面还是负面？',
    role: '你是专家。',
    key: 'sentiment',
    labels: ['正面', '负面'],
  },
  extract: { instruction: '抽取人名、数量和物品。', role: '你是专家。', key: 'answer' },
  answer: { instruction: '', role: '你是一个有用的助手。', key: 'answer', question: true },
  translate: { instruction: '请翻译成英文。', role: '你是翻译。', key: 'english' },
  summarise: { instruction: '请用一句话概括。', role: '你是编辑。', key: 'summary' },
  rewrite: { instruction: '请改写得更清楚。', role: '你是编辑。', key: 'text' },
  solve: { instruction: '请解题。', role: '你是老师。', key: 'answer', question: true },
  continue: { instruction: '请接着写。', role: '你是老师。', key: 'next' },
  custom: { instruction: '', role: '你是一个有用的助手。', key: 'answer' },
};

/** Examples that a new study begins with, so that few-shot prompts show something at once. */
const examples: Readonly<Record<Task['language'], Partial<Record<TaskKind, readonly Example[]>>>> = {
  en: {
    classify: [
      { input: 'This cookie is very good.', output: 'positive' },
      { input: 'What a boring house!', output: 'negative' },
      { input: 'The garden was beautiful.', output: 'positive' },
      { input: 'I think the soup is awful.', output: 'negative' },
      { input: 'This book is wonderful.', output: 'positive' },
    ],
    translate: [
      { input: 'dog', output: '狗' },
      { input: 'apple', output: '苹果' },
      { input: 'book', output: '书' },
      { input: 'river', output: '河' },
      { input: 'friend', output: '朋友' },
    ],
    extract: [
      {
        input: 'Anna sees 8 carrots in the park.',
        output: { name: 'Anna', number: 8, thing: 'carrots' },
      },
      { input: 'Tom buys 3 cakes in the shop.', output: { name: 'Tom', number: 3, thing: 'cakes' } },
      { input: 'Lily has 6 nuts in the house.', output: { name: 'Lily', number: 6, thing: 'nuts' } },
    ],
    solve: [
      {
        input: 'Tom has 7 apples. Tom buys 5 more. Tom eats 3. How many apples does Tom have now?',
        reasoning: '7 + 5 = 12. 12 - 3 = 9.',
        output: '9',
      },
      {
        input: 'Mia has 10 keys. Mia loses 4. Mia finds 2 more. How many keys does Mia have now?',
        reasoning: '10 - 4 = 6. 6 + 2 = 8.',
        output: '8',
      },
      {
        input: 'Ben has 3 cups. Ben gets 9 more. Ben gives away 6. How many cups does Ben have now?',
        reasoning: '3 + 9 = 12. 12 - 6 = 6.',
        output: '6',
      },
    ],
    answer: [
      { input: 'What is the opposite of hot?', output: 'cold' },
      { input: 'How many legs does a cat have?', output: 'four' },
      { input: 'What do bees make?', output: 'honey' },
    ],
    continue: [
      { input: 'A B A B A', output: 'B' },
      { input: '2 4 6', output: '8' },
      { input: 'K S K S K', output: 'S' },
    ],
  },
  zh: {
    classify: [
      { input: '这个房间真干净。', output: '正面' },
      { input: '我觉得电影很无聊。', output: '负面' },
      { input: '衣服很漂亮。', output: '正面' },
      { input: '这个手机太差。', output: '负面' },
      { input: '我觉得书很有趣。', output: '正面' },
    ],
    translate: [
      { input: '狗', output: 'dog' },
      { input: '苹果', output: 'apple' },
      { input: '书', output: 'book' },
      { input: '河', output: 'river' },
      { input: '朋友', output: 'friend' },
    ],
    extract: [
      { input: '小红在市场买了8个梨。', output: { name: '小红', number: 8, thing: '梨' } },
      { input: '老师在学校买了3个球。', output: { name: '老师', number: 3, thing: '球' } },
      { input: '小华在商店买了6个鸡蛋。', output: { name: '小华', number: 6, thing: '鸡蛋' } },
    ],
    solve: [
      {
        input: '小明有7个苹果，又买了5个，吃了3个，小明现在有几个苹果？',
        reasoning: '7 + 5 = 12。12 - 3 = 9。',
        output: '9',
      },
      {
        input: '小红有10个球，丢了4个，又找到2个，小红现在有几个球？',
        reasoning: '10 - 4 = 6。6 + 2 = 8。',
        output: '8',
      },
      {
        input: '老师有3个杯子，又得到9个，送给别人6个，老师现在有几个杯子？',
        reasoning: '3 + 9 = 12。12 - 6 = 6。',
        output: '6',
      },
    ],
    answer: [
      { input: '热的反义词是什么？', output: '冷' },
      { input: '猫有几条腿？', output: '四条' },
      { input: '蜜蜂酿什么？', output: '蜂蜜' },
    ],
    continue: [
      { input: 'A B A B A', output: 'B' },
      { input: '2 4 6', output: '8' },
      { input: 'K S K S K', output: 'S' },
    ],
  },
};

/** The task of a kind, in the language of the texts it is about. */
export function presetTask(kind: TaskKind, language: Task['language']): Task {
  const words = (language === 'zh' ? chinese : english)[kind];
  const inChinese = language === 'zh';
  return {
    kind,
    language,
    instruction: words.instruction,
    role: words.role,
    format: { instruction: inChinese ? '用JSON回答。' : 'Answer in JSON.', jsonKey: words.key },
    frame: frameOf(inChinese, words.question === true, kind === 'solve'),
    labels: words.labels ?? [],
    examples: examples[language][kind] ?? [],
    exampleChoice: 'first',
    items: [],
    scorer: { kind: kind === 'solve' ? 'number' : free.has(kind) ? 'manual' : 'exact' },
  };
}

/** What has no single right answer. */
const free = new Set<TaskKind>(['summarise', 'rewrite', 'custom']);

function frameOf(inChinese: boolean, question: boolean, solved: boolean): Frame {
  const labels = inChinese
    ? { inputLabel: question ? '问：' : '输入：', outputLabel: question ? '答：' : '输出：', gap: '' }
    : { inputLabel: question ? 'Q: ' : 'Input: ', outputLabel: question ? 'A:' : 'Output:', gap: ' ' };
  const stated = inChinese ? '答案是{answer}。' : 'The answer is {answer}.';
  return {
    ...labels,
    answerForm: solved ? stated : '{answer}',
    reasonCue: inChinese ? '让我们一步一步地想。' : "Let's think step by step.",
    template: defaultTemplate,
  };
}

/** The kind of task that a text is most likely meant for. */
export function guessKind(text: string): TaskKind {
  const plain = text.trim();
  const asks = /[?？]\s*$/.test(plain) || /[?？]/.test(plain.slice(-40));
  const numbers = plain.match(/\d+|[一二三四五六七八九十两]+[个只本]/g)?.length ?? 0;
  if (asks) {
    return numbers >= 2 ? 'solve' : 'answer';
  }
  if (plain.length > 600) {
    return 'summarise';
  }
  if (/^(\S+\s+){2,}\S+$/.test(plain) && plain.split(/\s+/).every((word) => /^(\d+|[A-Z])$/.test(word))) {
    return 'continue';
  }
  const units = plain.match(/\p{Script=Han}|[\p{L}\p{N}'’-]+/gu)?.length ?? 0;
  if (units <= 4 && !/[.!。！]$/.test(plain)) {
    return 'translate';
  }
  return /\d/.test(plain) ? 'extract' : 'classify';
}

/** Chinese where at least a fifth of the letters are. */
export function guessLanguage(text: string): Task['language'] {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return letters > 0 && han / letters >= 0.2 ? 'zh' : 'en';
}

export const defaultSampling: SamplingChoice = {
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  maxNewTokens: 96,
  seed: 1,
  stop: ['\n'],
};

/** The study that a text begins: its task is guessed, its six cells differ from zero-shot in one thing each. */
export function newStudy(
  id: string,
  title: string,
  input: string,
  model: AskedModel,
  kind: TaskKind = guessKind(input),
  language: Task['language'] = guessLanguage(input),
): Study {
  const task = presetTask(kind, language);
  const lines = task.kind === 'summarise' || task.kind === 'rewrite' || task.kind === 'custom';
  return {
    id,
    title,
    input,
    task,
    strategies: basicStrategies(3),
    models: [model],
    sampling: { ...defaultSampling, stop: lines ? [`\n${task.frame.inputLabel.trim()}`] : ['\n'] },
    edited: {},
  };
}

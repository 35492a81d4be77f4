import type { Failure } from '../protocol/prompts';
import type { ReportLanguage } from '../report/filled';

/** The sentences of findings and reports. They are data of a study's own language, not of the editor's. */

const english = {
  strategyBase: (shots: number): string =>
    shots === 0 ? 'zero-shot' : shots === 1 ? 'one-shot' : `few-shot (${shots})`,
  reasoning: 'chain of thought',
  role: 'role',
  format: 'format',
  failures: {
    empty: 'empty answer',
    format: 'wrong format',
    wrong: 'wrong answer',
    cut: 'cut off',
    error: 'failed',
  },
  noResults: 'No test item has been answered yet, so nothing can be said about which way of asking works.',
  best: '{0}: {1} worked best with {2} of {3} right ({4}, 95 % interval {5} to {6}).',
  nothingRight:
    '{0}: no way got any of the {1} judged items right. The model may not know this task, or the answers are read in the wrong form.',
  tied: 'Just as accurate: {0}.',
  clear:
    'That is {0} points more than {1} on the same items (interval {2} to {3}; {4}, corrected for the number of ways). The evidence is enough.',
  unclear:
    'It is {0} points above {1}, but the interval ({2} to {3}) or the corrected test ({4}) does not leave chance out. The evidence is not enough.',
  needed: 'If the difference is as large as it seems, about {0} items would show it.',
  baselineBest: 'No other way beat {0} on these items.',
  fewItems: 'That is too little to decide anything: {0} items were judged, and at least {1} are needed.',
  unjudged: '{0} answers have no expected answer and wait for your judgement.',
  helps: '{0} helps: {1} points (interval {2} to {3}).',
  harms: '{0} harms: {1} points (interval {2} to {3}).',
  noEffect: '{0}: no effect can be told from chance ({1} points, interval {2} to {3}).',
  cost: 'It costs {0} prompt tokens and {1} ms per answer, against {2} and {3} of {4}.',
  formatKept: '{0} kept the format in {1} of its answers.',
  commonFailure: 'The commonest failure of {0} is “{1}” ({2} of {3}).',
  adviceEmpty: 'Empty answers: end the prompt where the answer begins, and check the stop strings.',
  adviceFormat: 'Wrong format: show an example in that format; few-shot together with format does both.',
  adviceCut: 'Cut off: allow more new tokens.',
  adviceWrong: 'Wrong answers: try examples nearest to the input, or steps before the answer.',
  adviceError: 'Failed answers: read their messages; the model’s context may be too short.',
  reportTitle: 'Which way of asking works: {0}',
  untitled: 'a prompt study',
  question: 'Question',
  questionText:
    'Which way of asking gets the right answer most often from {0}, for the task “{1}” on {2} test items?',
  ways: 'Ways of asking',
  waysText: 'Each was asked about the same items. The prompts below are those for “{0}”, as sent.',
  data: 'Data',
  dataText: '{0} examples to show, {1} items to test. The first items:',
  results: 'Results',
  findings: 'Findings',
  practice: 'What to do',
  limits: 'Limits',
  limitsText:
    'These figures hold for these models, these items and this wording. Another wording of the same instruction may change them by more than the differences seen here.',
  repeat: 'How to repeat it',
  repeatText:
    'Open the study’s file in Transformer Scope and run it again: the same model, settings and seed give the same answers on the same runtime.',
  colWay: 'way',
  colModel: 'model',
  colRight: 'right',
  colAccuracy: 'accuracy',
  colInterval: '95 % interval',
  colDifference: 'difference',
  colTokens: 'tokens (prompt + new)',
  colTime: 'ms',
  colFormat: 'format kept',
  colFailures: 'failures',
  colInput: 'input',
  colExpected: 'expected',
  colSetting: 'setting',
  colValue: 'value',
  points: '{0} points ({1} to {2})',
  chartTitle: 'Accuracy with 95 % intervals',
  scorer: 'scored by',
  hash: 'SHA-256 of its graph',
  madeOn: 'Made on {0}.',
} as const;

type Sentences = {
  readonly [K in keyof typeof english]: (typeof english)[K] extends string
    ? string
    : K extends 'failures'
      ? Readonly<Record<Failure, string>>
      : (shots: number) => string;
};

const chinese: Sentences = {
  strategyBase: (shots) => (shots === 0 ? '零样本' : shots === 1 ? '单样本' : `少样本（${shots}）`),
  reasoning: '思维链',
  role: '角色',
  format: '格式',
  failures: { empty: '空回答', format: '格式错误', wrong: '答案错误', cut: '被截断', error: '失败' },
  noResults: '还没有回答任何测试项，无法判断哪种提问方式有效。',
  best: '{0}：{1}效果最好，{3} 项中答对 {2} 项（{4}，95% 区间 {5} 至 {6}）。',
  nothingRight: '{0}：在评判过的 {1} 项上，没有任何方式答对。模型可能不会这项任务，或者答案的读取形式不对。',
  tied: '准确率相同的还有：{0}。',
  clear: '在相同的测试项上比{1}高 {0} 个百分点（区间 {2} 至 {3}；按方式数量校正后 {4}）。证据充分。',
  unclear: '比{1}高 {0} 个百分点，但区间（{2} 至 {3}）或校正后的检验（{4}）不能排除偶然。证据不足。',
  needed: '如果差异确如所见，大约需要 {0} 个测试项才能显现。',
  baselineBest: '在这些测试项上，没有别的方式胜过{0}。',
  fewItems: '这还不足以下结论：只评判了 {0} 项，至少需要 {1} 项。',
  unjudged: '有 {0} 个回答没有期望答案，等待你来评判。',
  helps: '{0}有帮助：{1} 个百分点（区间 {2} 至 {3}）。',
  harms: '{0}有害：{1} 个百分点（区间 {2} 至 {3}）。',
  noEffect: '{0}：效果与偶然无法区分（{1} 个百分点，区间 {2} 至 {3}）。',
  cost: '每个回答花费 {0} 个提示词元和 {1} 毫秒，{4}为 {2} 和 {3}。',
  formatKept: '{0}有 {1} 的回答遵守了格式。',
  commonFailure: '{0}最常见的失败是“{1}”（{3} 项中有 {2} 项）。',
  adviceEmpty: '空回答：让提示在答案开始处结束，并检查停止字符串。',
  adviceFormat: '格式错误：用该格式给出一个示例；少样本与格式结合可同时做到。',
  adviceCut: '被截断：允许更多新词元。',
  adviceWrong: '答案错误：试试与输入最相近的示例，或在答案前写出步骤。',
  adviceError: '失败的回答：请阅读其错误信息；模型的上下文可能太短。',
  reportTitle: '哪种提问方式有效：{0}',
  untitled: '一项提示研究',
  question: '问题',
  questionText: '对于任务“{1}”，在 {2} 个测试项上，用哪种方式提问能让 {0} 最常答对？',
  ways: '提问方式',
  waysText: '每种方式都用相同的测试项提问。以下是针对“{0}”实际发送的提示。',
  data: '数据',
  dataText: '{0} 个示例，{1} 个测试项。前几项如下：',
  results: '结果',
  findings: '发现',
  practice: '建议',
  limits: '局限',
  limitsText:
    '这些数字只对这些模型、这些测试项和这种措辞成立。换一种说法表达同一指令，变化可能比这里看到的差异更大。',
  repeat: '如何重现',
  repeatText:
    '在 Transformer Scope 中打开研究文件并再次运行：相同的模型、设置和种子在相同的运行时上给出相同的回答。',
  colWay: '方式',
  colModel: '模型',
  colRight: '答对',
  colAccuracy: '准确率',
  colInterval: '95% 区间',
  colDifference: '差异',
  colTokens: '词元（提示 + 新）',
  colTime: '毫秒',
  colFormat: '遵守格式',
  colFailures: '失败',
  colInput: '输入',
  colExpected: '期望',
  colSetting: '设置',
  colValue: '值',
  points: '{0} 个百分点（{1} 至 {2}）',
  chartTitle: '准确率与 95% 区间',
  scorer: '评分方式',
  hash: '其图文件的 SHA-256',
  madeOn: '生成于 {0}。',
};

export const wordings: Readonly<Record<ReportLanguage, Sentences>> = { en: english, zh: chinese };
export type Words = Sentences;

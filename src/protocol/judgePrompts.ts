/** What a judging model is asked at first, by the language of the task; a person may write another prompt over it. */
export const usualJudgePrompts = {
  en: 'Question: {input}\nExpected answer: {expected}\nGiven answer: {answer}\nIs the given answer right? Answer yes or no:',
  zh: '问题：{input}\n期望的答案：{expected}\n给出的答案：{answer}\n给出的答案对吗？请回答“是”或“否”：',
} as const;

/** The report's words about replaced tokens and about the agreement of two masked models. */

export const pairsEnglish = {
  agreement: 'How far the two agree',
  agreeSame:
    'Of the {0} words asked of both, both put the same word first for {1} ({2}; 95% Wilson interval {3} to {4}), and for {5} of these it is the word in the text.',
  agreeDistributions: 'the distance of their distributions',
  agreeVariation:
    'Over {0} words, their distributions over the {1} tokens of the vocabulary are a total variation of {2} apart on average (95%, bootstrap over words: {3} to {4}); 0 would be the same and 1 nothing in common.',
  agreeKl:
    'Taking the distribution of {0} for that of {1} costs {2} bits a word (KL divergence; {3} to {4}).',
  agreeHow:
    'Each word was masked whole, and the distributions are those at its first token. DistilBERT was trained towards the distributions of its teacher (Sanh et al. 2019), so a student should be nearer to its teacher than two separately trained models are to each other.',
  agreeOtherSizes:
    'Their distributions cannot be compared, because they are over different vocabularies: {0} tokens in {1}, {2} in {3}.',
  agreeOtherPieces:
    'Their distributions cannot be compared, because they are over different vocabularies: token {0} is “{1}” in {2} and “{3}” in {4}.',
  agreeFurthest: 'The {0} words for which the distributions are furthest apart:',
  colFirstOf: '{0}: first choice',
  colVariation: 'total variation',

  rtdDrawn:
    'Replaced-token detection (ELECTRA: Clark et al. 2020): {0} redrew {1} of the words (seed {2}), of which {3} came out as a different word.',
  rtdFound:
    '{0} marks {1} of {2} replaced tokens as replaced, with a probability above a half, and {3} of the {4} others.',
  rtdRight: 'It is right on {0} of {1} tokens ({2}; 95% Wilson interval {3} to {4}),',
  rtdBetter: 'more than the {0} ({1}) that marking none would get.',
  rtdNoBetter: 'no better than the {0} ({1}) that marking none would get.',
  rtdOriginal: 'In the text as it is, it marks {0} of {1} tokens as replaced, though none was.',
  rtdFew: 'So few replaced tokens ({0}) are one draw; another seed gives other counts.',
  rtdSame: '{0} (the same)',
  rtdStar: 'The probability is that of the word’s most suspicious token; with * it is marked as replaced.',
  colDrawnWord: 'drawn',
  colReplacedProbability: 'probability of having been replaced',
} as const;

export const pairsChinese: { readonly [K in keyof typeof pairsEnglish]: string } = {
  agreement: '两者有多一致',
  agreeSame:
    '在两个模型都回答了的 {0} 个词中，首选相同的有 {1} 个（{2}；95% Wilson 区间 {3} 至 {4}），其中 {5} 个正是原词。',
  agreeDistributions: '两者分布的距离',
  agreeVariation:
    '在 {0} 个词上，两者在含 {1} 个词元的词表上的分布平均相差 {2}（总变差距离；对词做自助法的 95% 区间：{3} 至 {4}）；0 表示完全相同，1 表示毫无重合。',
  agreeKl: '用 {0} 的分布代替 {1} 的分布，平均每个词多花 {2} 比特（KL 散度；{3} 至 {4}）。',
  agreeHow:
    '每个词整体掩码，比较的是其第一个词元处的分布。DistilBERT 以教师模型的分布为训练目标（Sanh 等，2019），因此学生应比两个各自训练的模型更接近教师。',
  agreeOtherSizes: '两者的词表不同，分布无法比较：{1} 有 {0} 个词元，{3} 有 {2} 个。',
  agreeOtherPieces: '两者的词表不同，分布无法比较：第 {0} 号词元在 {2} 中是“{1}”，在 {4} 中是“{3}”。',
  agreeFurthest: '分布相差最大的 {0} 个词：',
  colFirstOf: '{0}：首选',
  colVariation: '总变差距离',

  rtdDrawn:
    '替换词元检测（ELECTRA：Clark 等，2020）：{0} 重新抽取了 {1} 个词（种子 {2}），其中 {3} 个与原词不同。',
  rtdFound:
    '在 {2} 个被替换的词元中，{0} 判为“已替换”（概率高于一半）的有 {1} 个；其余 {4} 个词元中误判 {3} 个。',
  rtdRight: '在 {1} 个词元中它判断正确 {0} 个（{2}；95% Wilson 区间 {3} 至 {4}），',
  rtdBetter: '多于一律判为原文时的 {0} 个（{1}）。',
  rtdNoBetter: '没有超过一律判为原文时的 {0} 个（{1}）。',
  rtdOriginal: '对未改动的原文，它把 {1} 个词元中的 {0} 个判为“已替换”，其实都未替换。',
  rtdFew: '被替换的词元只有 {0} 个，这只是一次抽样；换一个种子，计数就会不同。',
  rtdSame: '{0}（与原词相同）',
  rtdStar: '概率取该词各词元中最可疑的一个；带 * 的判为“已替换”。',
  colDrawnWord: '抽到的词',
  colReplacedProbability: '被替换过的概率',
};

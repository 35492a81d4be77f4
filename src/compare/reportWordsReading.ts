/** The report's words about tokens, attention, the cloze test, the blank and surprise. */

export const readingEnglish = {
  tokCounts: '{0} splits the text into {1} tokens (special ones among them: {2}), {3} into {4} ({5}).',
  tokPerWord:
    'Over words that both split at the same borders, that is {0} tokens per word for {1} and {2} for {3}.',
  tokLargerHelps: '{0} needs fewer, as its larger vocabulary ({1} tokens against {2}) suggests.',
  tokLargerDoesNotHelp:
    '{0} needs fewer although its vocabulary is not the larger one ({1} tokens against {2}): what counts is which words a vocabulary was made from.',
  tokSame: 'Both need the same number.',
  tokWhole: 'Of {0} words, {1} have one token in both, {2} only in {3}, {4} only in {5}.',
  tokDiffer: 'They split {0} words differently (first {1}, then {2}): {3}.',
  tokExample: '“{0}” is {1} / {2}',
  tokAgree: 'They split every one of these words alike.',
  tokUnknown:
    '{0} does not know {1} tokens of this text at all ({2} of its tokens) and reads a stand-in there.',
  tokPieces:
    'A word of several tokens is predicted piece by piece, and below the bits of its pieces are added up; a coarser split asks fewer but harder questions.',
  colWord: 'word',

  attPairs: 'With {0} tokens, {1} has {2} pairs of a query and a key, and all of them are open.',
  attPairsCausal:
    'With {0} tokens, {1} has {2} pairs of a query and a key, of which its mask leaves {3} open ({4}): each token and what comes before it.',
  attShares:
    'Over its {1} heads {0} sends {2} of its attention to the right, {3} to the left and {4} to the token itself.',
  attEven: 'Attention spread evenly would send {0} to the right.',
  attMoreRight: 'So these heads look ahead rather more than evenly on this text.',
  attLessRight: 'So these heads look ahead rather less than evenly on this text.',
  attAsEven: 'So, on the whole, neither direction is preferred on this text.',
  attNoRight:
    'Over its {1} heads {0} sends nothing to the right in any row, {2} to the left and {3} to the token itself.',
  attFirst:
    '{0} of the attention of {1} goes to its first token, where an even spread under the mask would give {2}.',
  attSink:
    'A first token that draws this much is called an attention sink (Xiao et al. 2024): one explanation is that heads which find nothing rest there.',
  attSpecial: '{0} of the attention of {1} goes to its special tokens, which are {2} of its tokens.',
  attSource:
    'These shares are summed from the pictures of the heads, in which a weight has 255 steps, and are rounded accordingly.',
  attPooled:
    '{0} has more tokens ({1}) than its pictures have cells ({2}), so no shares are given for it; that it is {3} was checked on every weight.',
  attCausal: 'blind to what follows',
  attOpen: 'open to both sides',
  attRoutes:
    'The consequence is in the next sections: whatever {0} knows of a word, it knows from the words before it.',
  attWarnSums: 'A self-check failed for {0}: rows deviate from 1 by up to {1}.',
  attWarnLayers:
    'A self-check failed for {0}: the configuration names {1} layers, but {2} have attention in the graph.',
  attWarnCausal:
    'A self-check failed for {0}: it is configured as a decoder, but tokens attend to what follows them, by up to {1}.',

  clozeHow: 'Each of the {0} words was asked for once.',
  clozeBoth: '{0} saw everything but the word, of which each token was a mask.',
  clozeLeft: '{0} saw only what comes before the word.',
  clozeFewer: 'It was asked for {0} of them: before the first there is nothing to go by.',
  clozeAccuracy: '{0} got {1} of {2} right ({3}; 95% Wilson interval {4} to {5}).',
  clozeRank:
    'The median rank of the word’s first token is {0} for {1} and {2} for {3}, over the words asked of both.',
  clozeOverlap: 'The two intervals overlap, so by themselves they do not tell the models apart.',
  clozeApart: 'The two intervals do not even overlap.',
  clozePaired: 'Word by word, over the {0} words asked of both: both right on {1}, neither on {2}.',
  clozeOnly: 'Only {0} was right on {1}: {2}.',
  wordSeveral: '“{0}” (×{1})',
  clozeOnlyNone: 'On no word was {0} the only one to be right.',
  clozeAhead:
    'In the cloze test {0} is {1} points ahead (bootstrap interval {2} to {3}); the exact McNemar test on the {4} words on which they disagree gives p = {5}, so chance alone hardly explains it on this text.',
  clozeOpen:
    'In the cloze test {0} is {1} points ahead (bootstrap interval {2} to {3}), but the exact McNemar test on the {4} words on which they disagree gives p = {5}: chance is not ruled out.',
  clozeTied: 'In the cloze test both were right equally often, on {0} words.',
  clozeFew:
    'With {0} words this is an observation, not evidence: at least {1} would be needed to decide anything.',
  clozeDependent:
    'The words of one text are not independent draws, so the true uncertainty is larger than these intervals say.',
  clozeMissed: 'Some of what was wrong: {0}.',
  clozeGuess: '{0} wrote “{1}” for “{2}”',
  clozeNothing: 'No word was asked of both models, so they cannot be compared here.',
  clozeFigure: 'Accuracy over all words, with 95% intervals',
  colModel: 'model',
  colRight: 'right',
  colAccuracy: 'accuracy',
  colInterval: '95% interval',

  bitsMean:
    'A word cost {0} {1} bits on average and {2} {3} (over the same {4} words); {5} words were clearly cheaper for {0} and {6} for {2}, by more than half a bit.',
  bitsFigure: 'Bits per word: how much each word surprised each model',
  bitsShown: 'Bits per word, the first {0} of {1} words',
  bitsHardest: 'Hardest for {0}: {1}.',
  bitsWord: '“{0}” ({1} bits)',
  bitsShared: 'Among the five hardest of each, {0} are the same: {1}.',
  bitsSharedNone: 'Not one of the five hardest of each is the same.',
  bitsGap: 'The widest gap in favour of {0} is at “{1}”: {2} bits against {3}.',
  bitsRank: 'Over {0} words the bits of the two models have a rank correlation of {1} (Spearman):',
  bitsRankHigh: 'what is hard for one is by and large hard for the other.',
  bitsRankSome: 'what is hard for one is to some degree hard for the other.',
  bitsRankNone: 'what is hard for one says little about what is hard for the other.',
  bitsRankFew: 'With so few words this is a hint at most.',
  bitsEarlyLate: 'In {0} the first half of the words cost {1} bits each and the second half {2}:',
  bitsLaterCheaper:
    'more context made words cheaper, as one would expect, though the words there are different ones.',
  bitsLaterNot: 'more context did not make words cheaper; but the words there are different ones, too.',
  llCausal:
    '{0} gives the text a log-likelihood of {1} nats over {2} tokens: a perplexity of {3} per token and {4} bits per character.',
  llPseudo:
    '{0} gives the text a pseudo-log-likelihood of {1} nats over {2} tokens, each masked alone (Salazar et al. 2020): a pseudo-perplexity of {3}.',
  llNotComparable:
    'The two numbers must not be compared. The terms of {0} each know all other tokens, including later ones, so they do not multiply to the probability of the text; those of {1} do.',
  llVocabularies: 'And perplexity counts per token: {0} and {1} tokens for one and the same text.',
  llComparable:
    'Both read in the same way, so bits per character can be compared where perplexity per token cannot ({0} and {1} tokens): {2} needs {3}, {4} {5}.',
  llBothPseudo:
    'Both are pseudo-likelihoods; per token they count different units ({0} and {1} tokens), so they do not rank the models.',
  colBits: '{0} (bits)',
  colGuess: '{0} guessed',

  blankWhich: 'The blank is “{0}”, in {1}.',
  blankMasked: '{0}, from both sides, puts {1}.',
  blankCausal: '{0}, from the left alone, puts {1}.',
  blankCandidate: '“{0}” ({1})',
  blankIsRight: 'Its first choice is the word in the text.',
  blankRank: 'The word in the text has rank {0}.',
  blankRankFirst: 'The first token of the word in the text has rank {0}.',
  blankOutside: 'The word in the text is not among its {0} likeliest.',
  blankShare: 'Of the candidates named by both, {0} are the same: {1}.',
  blankShareNone: 'No candidate is named by both.',
  blankSurer: '{0} is surer: its first choice has {1}, that of {2} {3}.',
  blankInContext:
    'Put into the whole text, {0} finds “{1}” the likeliest of these {2} alternatives ({3} of their probability).',
  blankInContextOriginal: 'That is the word in the text: once it can be read, what follows the blank counts.',
  blankInContextOther: 'The word in the text gets {0}.',
  blankCase: 'The others come in the small letters that {0} reads, which counts against them here.',
  blankChanged:
    'From the left alone its first choice had been “{0}”: the same model judges otherwise once it may read on.',
} as const;

export const readingChinese: { readonly [K in keyof typeof readingEnglish]: string } = {
  tokCounts: '{0} 把文本切分为 {1} 个词元（其中特殊词元 {2} 个），{3} 切分为 {4} 个（{5} 个）。',
  tokPerWord: '就两者切分边界一致的词而言，{1} 平均每词 {0} 个词元，{3} 平均每词 {2} 个。',
  tokLargerHelps: '{0} 用的词元更少，这与它更大的词表相符（{1} 对 {2} 个词元）。',
  tokLargerDoesNotHelp:
    '{0} 的词表并不更大（{1} 对 {2} 个词元），用的词元却更少：关键在于词表是从哪些词中得来的。',
  tokSame: '两者用的一样多。',
  tokWhole: '{0} 个词中，有 {1} 个在两边都是单个词元，{2} 个只在 {3} 中如此，{4} 个只在 {5} 中如此。',
  tokDiffer: '有 {0} 个词切法不同（先 {1}，后 {2}）：{3}。',
  tokExample: '“{0}”切成 {1} / {2}',
  tokAgree: '这些词在两边的切法完全相同。',
  tokUnknown: '{0} 有 {1} 个词元完全不认识（占其词元的 {2}），只能读入一个替代符号。',
  tokPieces: '由几个词元组成的词要逐段预测，下文把各段的比特数相加；切得越粗，要答的题越少，但每题越难。',
  colWord: '词',

  attPairs: '{1} 读入 {0} 个词元，查询与键共有 {2} 对，全部可见。',
  attPairsCausal: '{1} 读入 {0} 个词元，共有 {2} 对，掩码只留下 {3} 对（{4}）：每个词元只能看到自己和前文。',
  attShares: '{0} 的 {1} 个注意力头合计，有 {2} 的注意力投向右侧，{3} 投向左侧，{4} 投向词元自身。',
  attEven: '若平均分配，投向右侧的应为 {0}。',
  attMoreRight: '可见在这段文本上，这些头比平均分配更多地看向后文。',
  attLessRight: '可见在这段文本上，这些头比平均分配更少地看向后文。',
  attAsEven: '可见在这段文本上，总体并不偏向任何一侧。',
  attNoRight: '{0} 的 {1} 个注意力头没有任何一行看向右侧，{2} 投向左侧，{3} 投向词元自身。',
  attFirst: '{1} 有 {0} 的注意力投向首个词元；若在掩码下平均分配，应为 {2}。',
  attSink:
    '首个词元吸引如此多的注意力，称为注意力汇聚点（attention sink，Xiao 等，2024）：一种解释是，没有找到目标的头就停在这里。',
  attSpecial: '{1} 有 {0} 的注意力投向特殊词元，而特殊词元只占其词元的 {2}。',
  attSource: '这些比例由各注意力头的缩略图求和得到，图中权重只有 255 级，因此是近似值。',
  attPooled: '{0} 的词元数（{1}）多于缩略图的格数（{2}），因此不给出比例；它{3}，这一点是由每个权重判断的。',
  attCausal: '看不到后文',
  attOpen: '能看到两侧',
  attRoutes: '其后果见下文各节：{0} 对一个词的全部了解都来自它前面的词。',
  attWarnSums: '{0} 的一项自检未通过：各行之和与 1 的偏差最大为 {1}。',
  attWarnLayers: '{0} 的一项自检未通过：配置文件写明 {1} 层，计算图中只有 {2} 层有注意力。',
  attWarnCausal: '{0} 的一项自检未通过：它配置为解码器，却有词元看向后文，权重最大为 {1}。',

  clozeHow: '{0} 个词各提问一次。',
  clozeBoth: '{0} 能看到该词以外的全部内容，该词的每个词元都换成掩码。',
  clozeLeft: '{0} 只能看到该词之前的内容。',
  clozeFewer: '它只被问到其中 {0} 个：第一个词之前没有任何依据。',
  clozeAccuracy: '{0} 在 {2} 个词中答对 {1} 个（{3}；95% Wilson 区间为 {4} 至 {5}）。',
  clozeRank: '就两者都被问到的词而言，词的首个词元的排名中位数，{1} 为第 {0} 位，{3} 为第 {2} 位。',
  clozeOverlap: '两个区间有重叠，单凭区间无法区分两个模型。',
  clozeApart: '两个区间没有重叠。',
  clozePaired: '逐词比较两者都被问到的 {0} 个词：都答对的有 {1} 个，都答错的有 {2} 个。',
  clozeOnly: '只有 {0} 答对的有 {1} 个：{2}。',
  wordSeveral: '“{0}”（×{1}）',
  clozeOnlyNone: '没有哪个词是只有 {0} 答对的。',
  clozeAhead:
    '在完形填空中，{0} 领先 {1} 个百分点（自助法区间 {2} 至 {3}）；对两者不一致的 {4} 个词做精确 McNemar 检验，p = {5}，在这段文本上很难只用偶然来解释。',
  clozeOpen:
    '在完形填空中，{0} 领先 {1} 个百分点（自助法区间 {2} 至 {3}），但对两者不一致的 {4} 个词做精确 McNemar 检验，p = {5}：不能排除偶然。',
  clozeTied: '在完形填空中，两者答对的词数相同，都是 {0} 个。',
  clozeFew: '只有 {0} 个词，这只是观察，算不上证据：至少要有 {1} 个词才能判断。',
  clozeDependent: '同一文本中的词并非相互独立的样本，因此真实的不确定性比这些区间更大。',
  clozeMissed: '答错的例子：{0}。',
  clozeGuess: '{0} 把“{2}”写成了“{1}”',
  clozeNothing: '没有一个词是两个模型都被问到的，因此这里无法比较。',
  clozeFigure: '全部词的准确率与 95% 区间',
  colModel: '模型',
  colRight: '答对',
  colAccuracy: '准确率',
  colInterval: '95% 区间',

  bitsMean:
    '在同样的 {4} 个词上，{0} 平均每词需要 {1} 比特，{2} 需要 {3} 比特；相差超过半个比特的词中，{0} 明显更容易的有 {5} 个，{2} 明显更容易的有 {6} 个。',
  bitsFigure: '每个词的比特数：各个词让两个模型感到多意外',
  bitsShown: '每个词的比特数（{1} 个词中的前 {0} 个）',
  bitsHardest: '对 {0} 最难的是：{1}。',
  bitsWord: '“{0}”（{1} 比特）',
  bitsShared: '两者各自最难的五个词中，相同的有 {0} 个：{1}。',
  bitsSharedNone: '两者各自最难的五个词没有一个相同。',
  bitsGap: '对 {0} 最有利的词是“{1}”：{2} 比特对 {3} 比特。',
  bitsRank: '两个模型在 {0} 个词上的比特数，等级相关系数（Spearman）为 {1}：',
  bitsRankHigh: '对一个模型难的词，对另一个大体上也难。',
  bitsRankSome: '对一个模型难的词，对另一个在一定程度上也难。',
  bitsRankNone: '对一个模型难的词，对另一个难不难几乎看不出来。',
  bitsRankFew: '词数太少，这至多是一种迹象。',
  bitsEarlyLate: '在 {0} 中，前一半的词平均每个 {1} 比特，后一半 {2} 比特：',
  bitsLaterCheaper: '前文越多，词越容易，符合预期，不过两半的词本来就不同。',
  bitsLaterNot: '前文变多并没有让词更容易，不过两半的词本来就不同。',
  llCausal: '{0} 给这段文本的对数似然为 {1} 奈特（{2} 个词元）：每词元困惑度 {3}，每字符 {4} 比特。',
  llPseudo:
    '{0} 给这段文本的伪对数似然为 {1} 奈特（{2} 个词元，每次只掩盖一个；Salazar 等，2020）：伪困惑度 {3}。',
  llNotComparable:
    '这两个数字不能相比。{0} 的每一项都已知其余全部词元，包括后文，因此乘起来并不是这段文本的概率；{1} 的各项乘起来才是。',
  llVocabularies: '况且困惑度按词元计算，而同一段文本在两边分别是 {0} 和 {1} 个词元。',
  llComparable:
    '两者的读法相同，因此每字符比特数可以相比，每词元困惑度则不行（{0} 和 {1} 个词元）：{2} 需要 {3}，{4} 需要 {5}。',
  llBothPseudo: '两者都是伪似然；按词元计算时单位不同（{0} 和 {1} 个词元），不能用来排名。',
  colBits: '{0}（比特）',
  colGuess: '{0} 的猜测',

  blankWhich: '空出的词是“{0}”，原句为 {1}。',
  blankMasked: '{0} 根据两侧的内容填入 {1}。',
  blankCausal: '{0} 只根据左侧的内容填入 {1}。',
  blankCandidate: '“{0}”（{1}）',
  blankIsRight: '它的首选就是原文中的词。',
  blankRank: '原文中的词排在第 {0} 位。',
  blankRankFirst: '原文中的词的首个词元排在第 {0} 位。',
  blankOutside: '原文中的词不在它最可能的 {0} 个候选之中。',
  blankShare: '两者列出的候选中，相同的有 {0} 个：{1}。',
  blankShareNone: '两者列出的候选没有一个相同。',
  blankSurer: '{0} 更有把握：它的首选概率为 {1}，{2} 的首选为 {3}。',
  blankInContext: '把候选放回全文后，{0} 认为这 {2} 个备选中“{1}”最可能（占其概率的 {3}）。',
  blankInContextOriginal: '这正是原文中的词：一旦能读到后文，后文就起作用。',
  blankInContextOther: '原文中的词得到 {0}。',
  blankCase: '其他备选都是 {0} 所读的小写形式，在这里因此吃亏。',
  blankChanged: '只看左侧时它的首选是“{0}”：同一个模型读到后文后，判断就变了。',
};

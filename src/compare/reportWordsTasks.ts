/** The report's words about training tasks, uses, sentences and chat. */

export const tasksEnglish = {
  mlmChosen:
    'Masked language modelling chose {0} of {1} tokens ({2}; seed {3}): {4} to be masked, {5} replaced by a random token, {6} kept as they were; the rule is 15% of the tokens, and of these 80, 10 and 10% (Devlin et al. 2019, section 3.1).',
  mlmLoss: 'The mean loss over them is {0} nats; for {1} of them the true token was the first choice.',
  mlmExample: 'At “{0}”, shown as “{1}”, the first choice was “{2}” ({3}; loss {4}).',
  mlmKept: 'A kept token costs {0} nats on average and a masked one {1}:',
  mlmKeptCheaper:
    'where the word is in sight, saying it again is easier, yet not free, since it may be a random one.',
  mlmKeptNot: 'on these few, the model does not trust the word even where it is in sight.',
  mlmGuess: 'A model that knew nothing would have a loss of {0} nats, the logarithm of its {1} tokens.',
  mlmFew: 'So few positions are one draw; another seed gives another loss.',
  clmLoss:
    'Next-token prediction takes a loss at {0} of {1} tokens: {2} nats on average, a perplexity of {3}.',
  clmExtremes: 'The most expensive token is “{0}” ({1} nats), the cheapest “{2}” ({3}).',
  clmLessons:
    'So from this one text the causal task draws {0} lessons and the masked one {1}, one reason why masked models read their texts more often in training; each of their lessons knows both sides.',
  nspGiven:
    'Next-sentence prediction by {0} gives {1} for “{2}” followed by “{3}” as they stand, {4} for the two swapped, and {5} when an unrelated sentence follows.',
  nspGood: 'It tells the true successor from the unrelated sentence,',
  nspBad: 'It does not tell the true successor from the unrelated sentence,',
  nspOrder: 'and the order matters to it.',
  nspTopic:
    'but swapping the two changes little: it looks at the topic rather than at the order. RoBERTa dropped the task (Liu et al. 2019), and ALBERT asks for the order instead (Lan et al. 2020).',
  maskFigure: 'Masked language modelling: loss in nats at each chosen token',
  causalFigure: 'Next-token prediction: loss in nats at each token',
  lossShown: '{0}, the first {1} of {2}',
  colToken: 'token',
  colShown: 'shown as',
  colTreatment: 'treatment',
  colPredicted: 'first choice',
  colLossNats: 'loss (nats)',
  treatment_masked: 'masked',
  treatment_replaced: 'replaced',
  treatment_kept: 'kept',

  classified: '{0}, {1}: “{2}” with {3} ({4} ms).',
  wayHead: 'by its own head',
  wayZero: 'by prompt without examples',
  wayFew: 'by prompt with {0} examples',
  classNarrow: 'That is hardly more than “{0}” with {1}.',
  classAgree: 'The {0} ways agree on “{1}”.',
  classDisagree: 'The {0} ways do not agree, and one text does not tell which is right: {1}.',
  classNormalised:
    'The probabilities of the prompted ways are shares among the {0} labels offered, each label’s likelihood taken per token.',
  continuedText: '{0} continues for {1} tokens (sampled at temperature {2}, top-p {3}, seed {4}):',
  forcedText: 'Made to write by one mask at the end, filled, and again, {0} gives {1} pieces:',
  forcedRepeats:
    'Only {0} of these {1} are different. A masked model was never trained on a text that ends at the gap; with nothing to the right it falls back on what is frequent.',
  forcedVaried:
    '{0} of these {1} are different, so it does not simply repeat itself here; but it was never trained on a text that ends at the gap.',
  continuedRepeats: 'Of the {0} words that {1} wrote, {2} are different.',

  simPairs:
    'Over the {0} pairs of the {1} sentences, the mean cosine of {2} goes from {3} at the embedding to {4} at the deepest states measured.',
  simRange: 'Its pairs lie furthest apart at layer {0}: from {1} to {2}.',
  simNearest: 'At the deepest states its nearest pair is “{0}” and “{1}” ({2}).',
  simSameNearest: 'Both models find the same pair the nearest.',
  simOtherNearest: 'The models do not find the same pair the nearest.',
  simCrowded:
    'All its pairs are above {0} there: the states crowd into a narrow cone (Ethayarajh 2019), so only the order of the cosines says something, not their size.',
  simFew: 'With one pair there is no order to compare.',
  colLayer: 'layer',
  colMean: '{0}: mean',
  colLowHigh: '{0}: lowest – highest',

  chatPrompt: 'The prompt, to both, answered greedily: “{0}”',
  chatBase: '{0} (base) wrote {1} tokens and {2}:',
  chatTuned: '{0} (tuned) wrote {1} tokens and {2}:',
  finish_end: 'ended by itself',
  finish_stop: 'ended at a stop string',
  finish_length: 'was cut at the limit',
  finish_context: 'filled its context',
  finish_cancelled: 'was stopped',
  chatOnlyTuned:
    'Only the tuned one ends by itself. The base model continues a text; that an answer is due, and where it ends, is what tuning adds first (InstructGPT: Ouyang et al. 2022).',
  chatOnlyBase: 'Here, of all things, the base model ended by itself and the tuned one did not.',
  chatBothEnd: 'Both end by themselves, so on this prompt the end does not tell them apart.',
  chatNeitherEnds: 'Neither ends by itself, so the limit cut both.',
  chatLengths:
    'Words of the tuned answer: {0}, of which in the prompt, too: {1}; of the base one: {2} and {3}.',
  chatOnePrompt: 'It is one prompt and one answer each; the prompt workbench asks many.',
} as const;

export const tasksChinese: { readonly [K in keyof typeof tasksEnglish]: string } = {
  mlmChosen:
    '掩码语言模型任务在 {1} 个词元中选中 {0} 个（{2}；种子 {3}）：{4} 个换成掩码，{5} 个换成随机词元，{6} 个保持不变；规则是选 15% 的词元，其中三种处理各占 80%、10% 和 10%（Devlin 等，2019，第 3.1 节）。',
  mlmLoss: '这些位置的平均损失为 {0} 奈特，其中 {1} 个位置的首选就是正确的词元。',
  mlmExample: '“{0}”处显示为“{1}”，首选是“{2}”（{3}；损失 {4}）。',
  mlmKept: '保持不变的词元平均损失 {0} 奈特，被掩盖的为 {1} 奈特：',
  mlmKeptCheaper: '词就在眼前时，再说一遍更容易，但并非毫无代价，因为它也可能是随机换上的。',
  mlmKeptNot: '就这几个位置来看，即使词就在眼前，模型也不相信它。',
  mlmGuess: '一无所知的模型损失为 {0} 奈特，即其 {1} 个词元的自然对数。',
  mlmFew: '位置这么少，只是一次抽样；换一个种子，损失就会不同。',
  clmLoss: '下一词元预测在 {1} 个词元中的 {0} 个上计算损失：平均 {2} 奈特，困惑度 {3}。',
  clmExtremes: '损失最大的词元是“{0}”（{1} 奈特），最小的是“{2}”（{3} 奈特）。',
  clmLessons:
    '也就是说，同一段文本，因果语言模型任务能学 {0} 次，掩码任务只能学 {1} 次；这是掩码模型在训练时要把文本多读几遍的原因之一，不过它每次学习都能看到两侧。',
  nspGiven: '{0} 的下一句预测：原文中“{2}”后接“{3}”，概率为 {1}；两句对调为 {4}；后接一个无关句子为 {5}。',
  nspGood: '它能区分真正的下一句与无关句子，',
  nspBad: '它不能区分真正的下一句与无关句子，',
  nspOrder: '而且在意先后顺序。',
  nspTopic:
    '但对调两句变化不大：它看的更多是话题而不是顺序。RoBERTa 去掉了这一任务（Liu 等，2019），ALBERT 则改为预测句子顺序（Lan 等，2020）。',
  maskFigure: '掩码语言模型：各选中词元的损失（奈特）',
  causalFigure: '下一词元预测：各词元的损失（奈特）',
  lossShown: '{0}（{2} 个中的前 {1} 个）',
  colToken: '词元',
  colShown: '显示为',
  colTreatment: '处理方式',
  colPredicted: '首选',
  colLossNats: '损失（奈特）',
  treatment_masked: '掩码',
  treatment_replaced: '替换',
  treatment_kept: '保留',

  classified: '{0}（{1}）：“{2}”，概率 {3}（{4} 毫秒）。',
  wayHead: '自己的分类头',
  wayZero: '零样本提示词',
  wayFew: '{0} 个示例的少样本提示词',
  classNarrow: '只略高于“{0}”的 {1}。',
  classAgree: '{0} 种方式都给出“{1}”。',
  classDisagree: '{0} 种方式的结果并不一致，单凭一段文本无法断定谁对：{1}。',
  classNormalised: '提示词方式的概率是各标签按词元平均的似然在给定的 {0} 个标签之间归一化的份额。',
  continuedText: '{0} 续写了 {1} 个词元（温度 {2}，top-p {3}，种子 {4}）：',
  forcedText: '在末尾放一个掩码、填上、再放一个，如此迫使 {0} 写下 {1} 个片段：',
  forcedRepeats:
    '这 {1} 个片段中只有 {0} 个互不相同。掩码模型从未在“空后面什么都没有”的文本上训练过；右侧一片空白时，它只会退回到常见的词。',
  forcedVaried:
    '这 {1} 个片段中有 {0} 个互不相同，在这里并非简单重复；但它从未在“空后面什么都没有”的文本上训练过。',
  continuedRepeats: '{1} 写出的 {0} 个词中，有 {2} 个互不相同。',

  simPairs: '{1} 个句子共 {0} 对，{2} 的平均余弦相似度从嵌入层的 {3} 变为所测最深层的 {4}。',
  simRange: '各对之间差别最大的是第 {0} 层：从 {1} 到 {2}。',
  simNearest: '在最深层，它认为最接近的一对是“{0}”与“{1}”（{2}）。',
  simSameNearest: '两个模型认为最接近的是同一对句子。',
  simOtherNearest: '两个模型认为最接近的句子并不相同。',
  simCrowded:
    '在那里所有句子对都高于 {0}：隐状态挤在一个狭窄的锥体里（Ethayarajh，2019），因此只有相似度的高低次序有意义，数值本身没有意义。',
  simFew: '只有一对句子，没有次序可比。',
  colLayer: '层',
  colMean: '{0}：平均',
  colLowHigh: '{0}：最低 – 最高',

  chatPrompt: '给两者的提示词（贪心解码）：“{0}”',
  chatBase: '{0}（基础模型）写了 {1} 个词元，{2}：',
  chatTuned: '{0}（指令微调模型）写了 {1} 个词元，{2}：',
  finish_end: '自行结束',
  finish_stop: '遇到停止字符串而结束',
  finish_length: '因达到上限被截断',
  finish_context: '用完了上下文',
  finish_cancelled: '被中止',
  chatOnlyTuned:
    '只有微调后的模型会自行结束。基础模型只是续写文本；此处该作答、答到哪里为止，正是微调首先带来的能力（InstructGPT：Ouyang 等，2022）。',
  chatOnlyBase: '这一次反而是基础模型自行结束，微调后的模型没有。',
  chatBothEnd: '两者都自行结束，因此在这个提示词上看不出这方面的差别。',
  chatNeitherEnds: '两者都没有自行结束，都在上限处被截断。',
  chatLengths: '微调模型的回答有 {0} 个词，其中 {1} 个也出现在提示词中；基础模型的有 {2} 个词，其中 {3} 个。',
  chatOnePrompt: '这只是一个提示词、各一个回答；提示词工作台可以提问很多次。',
};

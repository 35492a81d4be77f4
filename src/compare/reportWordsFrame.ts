/** The report's frame: headings, what was not measured, where each fits, limits and how to do it again. */

export const frameEnglish = {
  title: '{0} and {1} side by side: {2}',
  sideLeft: '{0} (left)',
  sideRight: '{0} (right)',
  theModel: 'the model',
  inShort: 'In short',
  nothingYet: 'Nothing has been measured yet, so nothing can be said.',
  theText: 'The text',
  textFacts: 'The text is “{0}”, lines {1} to {2}: {3} characters.',
  textWords: '{0} of its words can be asked about.',
  textShortened: 'Its first {0} characters:',
  architectures: 'Architectures',
  tokens: 'How each splits the text',
  attention: 'Who sees whom',
  cloze: 'A cloze test over every word',
  blank: 'The same blank, filled in two ways',
  surprise: 'Which words surprise',
  pretraining: 'How each was trained, done on this text',
  uses: 'What each is for',
  similarity: 'How alike the sentences are',
  chat: 'Before and after instruction tuning',
  scaling: 'Loss against size',
  fits: 'Where each fits',
  notes: 'Notes',
  notesHint:
    'Your own: write them in the panel, or here between the two markers; they stay when the report is written again.',
  limits: 'Limits',
  reproduce: 'Models, settings and how to reproduce this',
  numbers: 'The numbers of this figure',

  notDone: 'Not measured: this had not been run when the report was written.',
  partFailed: 'Not measured, because it failed: {0}',
  missing: 'Not measured for {0}: {1}',
  missingNotMasked: 'it has no masked-language-model head.',
  missingNotCausal: 'it does not write from left to right.',
  missingNoHead: 'no available graph has an output for it.',
  missingOneSentence: 'the text has only one sentence.',
  missingNoWords: 'the text has no word to predict.',
  missingNoModel: 'no bundled model can do it.',
  missingFailed: 'it failed ({0}).',

  fitFillClear:
    'Filling a gap in a finished text: {0}, which got {1} of {2} words right where {3} got {4} (p = {5}).',
  fitFillOpen:
    'Filling a gap in a finished text: not decided here. {0} got {1} of {2} words right and {3} got {4} of the same (p = {5}).',
  fitFillSides: 'Only {0} can use what comes after the gap; {1} has to guess from what comes before it.',
  fitWrite:
    'Continuing a text: {0}, which wrote {1} tokens, one after the other, each step reusing what it had computed.',
  fitWriteForced:
    '{0} can be made to write by a mask at the end, but {1} of the {2} pieces that it gave were repeats.',
  fitWriteForcedWell:
    '{0} could be made to write by a mask at the end without repeating itself in {1} pieces; every piece cost a pass over the whole text.',
  fitJudge:
    'Saying how probable a text is: {0} needs one pass for all {1} tokens and gives a true likelihood; {2} needs {3} passes, one for each token, for a pseudo-likelihood.',
  fitClassify:
    'Classifying: {0} answered by its own head in {1} ms; by prompt it took {2} ms with {3}. A head needs training data for its labels, a prompt only their names.',
  fitClassifyHead:
    'Classifying: only a trained head was available ({0}, {1} ms), so it could not be compared with a prompt.',
  fitClassifyPrompt:
    'Classifying: no trained head was available; {0} answered by prompt alone, in {1} ms, and can do so for any labels that have names.',
  fitPairs:
    'Telling whether two sentences belong together: {0} was trained for it and gave {1} for the pair in this text and {2} for an unrelated sentence.',
  fitPairsWeak:
    'Telling whether two sentences belong together: {0} was trained for it, but gave {1} for the pair in this text and {2} for an unrelated sentence, so it does not tell them apart here.',
  fitCost:
    'Cost: for one token of this text ({4} tokens) {0} computes {1} times as much as {2}; it stores {3} times the parameters.',
  fitNone: 'Too little was measured to say where either fits.',

  limitOneText:
    'All of this is one text with {0} words asked of both models; another text may reverse every one of these results.',
  limitNoWords: 'No word was asked of both models, so the two are not compared by results at all.',
  limitCut: '{0} read only {1} of at least {2} tokens.',
  limitQuantised:
    '{0} runs with most weights in {1}; its probabilities differ slightly from those of the original weights.',
  limitSmall:
    'With {0} and {1} parameters these are not the published models, which have 110 million (BERT base; Devlin et al. 2019) and 117 million (GPT; Radford et al. 2019, table 2): what holds for the architecture need not hold for the quality.',
  limitUnmeasured: 'Not measured: {0}.',
  limitMaskCount:
    'A word is hidden by as many masks as it has tokens, which tells {0} how long it is; {1} gets no such hint.',

  reproduceOpen:
    'Open “{0}” in Transformer Scope, select lines {1} to {2}, and run “Compare BERT and GPT on Selection”.',
  reproducePlace: 'Put {0} on the left and {1} on the right.',
  reproduceExport:
    'When all parts have run, choose “Export Report”. With the same files (see the hashes), settings and runtime the numbers come out the same; times do not.',
  colSetting: 'setting',
  colValue: 'value',
  hashOf: '{0}: SHA-256 of its graph',
  graphOf: '{0}: graph',
  runtimeOf: '{0}: runtime',
  runtimeValue: '{0}, threads: {1}',
  partTook: '“{0}” took',
  milliseconds: '{0} ms',
  madeOn: 'Made on {0} by Transformer Scope.',
} as const;

export const frameChinese: { readonly [K in keyof typeof frameEnglish]: string } = {
  title: '{0} 与 {1} 对照：{2}',
  sideLeft: '{0}（左）',
  sideRight: '{0}（右）',
  theModel: '该模型',
  inShort: '要点',
  nothingYet: '尚未测量任何内容，因此无法得出结论。',
  theText: '文本',
  textFacts: '文本取自“{0}”第 {1} 至 {2} 行，共 {3} 个字符。',
  textWords: '其中可供提问的词有 {0} 个。',
  textShortened: '前 {0} 个字符如下：',
  architectures: '模型架构',
  tokens: '分词方式',
  attention: '谁能看见谁',
  cloze: '逐词完形填空',
  blank: '同一个空，两种填法',
  surprise: '哪些词出人意料',
  pretraining: '在这段文本上重做预训练任务',
  uses: '各自的用途',
  similarity: '句子之间有多相似',
  chat: '指令微调前后',
  scaling: '损失与规模',
  fits: '各自适合什么',
  notes: '笔记',
  notesHint: '这里是你的笔记：可以写在面板里，也可以直接写在下面两个标记之间；重新生成报告时会保留。',
  limits: '局限',
  reproduce: '模型、设置与复现方法',
  numbers: '此图的数据',

  notDone: '未测量：写报告时尚未运行这一部分。',
  partFailed: '未测量，运行失败：{0}',
  missing: '{0} 未测量：{1}',
  missingNotMasked: '它没有掩码语言模型的输出头。',
  missingNotCausal: '它不能从左到右生成文本。',
  missingNoHead: '现有的计算图都没有相应的输出。',
  missingOneSentence: '文本只有一个句子。',
  missingNoWords: '文本中没有可供提问的词。',
  missingNoModel: '内置模型都做不到。',
  missingFailed: '运行失败（{0}）。',

  fitFillClear:
    '为写好的文本填空：选 {0}，它在 {2} 个词中答对 {1} 个，而 {3} 在同样的词中答对 {4} 个（p = {5}）。',
  fitFillOpen:
    '为写好的文本填空：本次分不出高下。在同样的 {2} 个词中，{0} 答对 {1} 个，{3} 答对 {4} 个（p = {5}）。',
  fitFillSides: '只有 {0} 能利用空后面的内容；{1} 只能凭空前面的内容来猜。',
  fitWrite: '续写：选 {0}，它逐个生成了 {1} 个词元，每一步都复用此前的计算结果。',
  fitWriteForced: '在末尾放掩码也能迫使 {0} 写下去，但它给出的 {2} 个片段里有 {1} 个是重复的。',
  fitWriteForcedWell:
    '在末尾放掩码也能迫使 {0} 写下去，这 {1} 个片段没有重复；但每个片段都要把全文重新计算一遍。',
  fitJudge:
    '判断一段文本的概率：{0} 只需一次前向计算就得到全部 {1} 个词元的真正似然；{2} 要逐个词元计算 {3} 次，得到的还只是伪似然。',
  fitClassify:
    '分类：{0} 用自己的分类头，耗时 {1} 毫秒；{3} 靠提示词作答，耗时 {2} 毫秒。分类头需要带标签的训练数据，提示词只需要标签的名称。',
  fitClassifyHead: '分类：本次只有训练好的分类头（{0}，{1} 毫秒），无法与提示词方式比较。',
  fitClassifyPrompt:
    '分类：没有训练好的分类头；{0} 只靠提示词作答，耗时 {1} 毫秒，而且凡是有名称的标签都能这样处理。',
  fitPairs: '判断两个句子是否相连：{0} 受过这种训练，对文本中的一对给出 {1}，对无关句子给出 {2}。',
  fitPairsWeak:
    '判断两个句子是否相连：{0} 虽受过这种训练，但对文本中的一对给出 {1}，对无关句子给出 {2}，在这里并不能把它们区分开。',
  fitCost: '成本：在这段文本（{4} 个词元）中，每个词元的计算量，{0} 是 {2} 的 {1} 倍；参数量是其 {3} 倍。',
  fitNone: '测量得太少，无法判断各自适合什么。',

  limitOneText: '以上全部结果来自一段文本，两个模型共同回答的词有 {0} 个；换一段文本，每个结论都可能反过来。',
  limitNoWords: '没有一个词是两个模型都回答过的，因此这里并未比较两者的效果。',
  limitCut: '{0} 只读了至少 {2} 个词元中的 {1} 个。',
  limitQuantised: '{0} 的大部分权重以 {1} 存储，其概率与原始权重略有出入。',
  limitSmall:
    '两个模型的参数量分别为 {0} 和 {1}，并不是论文发表的模型（BERT base 为 1.1 亿，Devlin 等，2019；GPT 为 1.17 亿，Radford 等，2019，表 2）：对架构成立的结论，对效果未必成立。',
  limitUnmeasured: '未测量的部分：{0}。',
  limitMaskCount: '一个词有几个词元就用几个掩码来掩盖，这等于告诉了 {0} 词有多长；{1} 没有这种线索。',

  reproduceOpen: '在 Transformer Scope 中打开“{0}”，选中第 {1} 至 {2} 行，运行“用所选文本对比 BERT 与 GPT”。',
  reproducePlace: '左侧放 {0}，右侧放 {1}。',
  reproduceExport:
    '各部分都运行完后，选择“导出报告”。文件（见哈希值）、设置和运行时相同，数字就相同；耗时除外。',
  colSetting: '设置',
  colValue: '值',
  hashOf: '{0}：计算图的 SHA-256',
  graphOf: '{0}：计算图',
  runtimeOf: '{0}：运行时',
  runtimeValue: '{0}，线程数：{1}',
  partTook: '“{0}”耗时',
  milliseconds: '{0} 毫秒',
  madeOn: '由 Transformer Scope 于 {0} 生成。',
};

/** Every name that the manifest and the code share. A test holds the two together. */

export const commandIds = {
  visualizeAttention: 'transformerScope.visualizeAttention',
  visualizeImage: 'transformerScope.visualizeImage',
  classifyImage: 'transformerScope.classifyImage',
  findImages: 'transformerScope.findImages',
  findTexts: 'transformerScope.findTexts',
  lightUpAttention: 'transformerScope.lightUpAttention',
  clearMarks: 'transformerScope.clearMarks',
  predictMasks: 'transformerScope.predictMasks',
  classifySentiment: 'transformerScope.classifySentiment',
  nextSentence: 'transformerScope.nextSentence',
  showTokens: 'transformerScope.showTokens',
  copyEmbedding: 'transformerScope.copyEmbedding',
  measureSimilarity: 'transformerScope.measureSimilarity',
  continueText: 'transformerScope.continueText',
  anotherContinuation: 'transformerScope.anotherContinuation',
  rejectContinuation: 'transformerScope.rejectContinuation',
  showSurprisal: 'transformerScope.showSurprisal',
  compareModels: 'transformerScope.compareModels',
  trainTinyModel: 'transformerScope.trainTinyModel',
  tryPromptStrategies: 'transformerScope.tryPromptStrategies',
  openPromptStudy: 'transformerScope.openPromptStudy',
  addPromptExample: 'transformerScope.addPromptExample',
  addPromptItem: 'transformerScope.addPromptItem',
  newPromptSuite: 'transformerScope.newPromptSuite',
  openSuiteAsGrid: 'transformerScope.openSuiteAsGrid',
  openSuiteAsText: 'transformerScope.openSuiteAsText',
  importPromptfoo: 'transformerScope.importPromptfoo',
  exportPromptfoo: 'transformerScope.exportPromptfoo',
  chooseModel: 'transformerScope.chooseModel',
  manageModels: 'transformerScope.manageModels',
  setHubToken: 'transformerScope.setHubToken',
  addModelServer: 'transformerScope.addModelServer',
  setModelServerKey: 'transformerScope.setModelServerKey',
  removeModelServer: 'transformerScope.removeModelServer',
  unloadModels: 'transformerScope.unloadModels',
  openSample: 'transformerScope.openSample',
  exploreIoi: 'transformerScope.exploreIoi',
  openLog: 'transformerScope.openLog',
  showMenu: 'transformerScope.showMenu',
  visualizeWithModel: 'transformerScope.visualizeWithModel',
  useModelFor: 'transformerScope.useModelFor',
  loadModel: 'transformerScope.loadModel',
  unloadModel: 'transformerScope.unloadModel',
  revealModel: 'transformerScope.revealModel',
  openModelCard: 'transformerScope.openModelCard',
  checkModel: 'transformerScope.checkModel',
  deleteModel: 'transformerScope.deleteModel',
  downloadModels: 'transformerScope.downloadModels',
  refreshModels: 'transformerScope.refreshModels',
  pauseDownload: 'transformerScope.pauseDownload',
  resumeDownload: 'transformerScope.resumeDownload',
  discardDownload: 'transformerScope.discardDownload',
  openHistory: 'transformerScope.openHistory',
  renameHistory: 'transformerScope.renameHistory',
  exportHistory: 'transformerScope.exportHistory',
  deleteHistory: 'transformerScope.deleteHistory',
  clearHistory: 'transformerScope.clearHistory',
} as const;

export const settingsSection = 'transformerScope';

/** Set where the extension runs in the browser. */
export const inBrowserContext = 'transformerScope.inBrowser';
/** Set while something is drawn over a document, so that Escape clears it. */
export const overlayContext = 'transformerScope.overlay';
/** The same for attention that is lit up. */
export const glowContext = 'transformerScope.glow';
export const sidebarId = 'transformerScope';
export const modelsViewId = 'transformerScope.models';
export const historyViewId = 'transformerScope.history';
/** Set while ghost text of ours is in an editor. */
export const continuationContext = 'transformerScope.continuing';
export const attentionViewType = 'transformerScope.attention';
export const imageViewType = 'transformerScope.images';
export const trainViewType = 'transformerScope.train';
export const promptViewType = 'transformerScope.prompts';
export const suiteViewType = 'transformerScope.promptSuite';
/** What a suite's file is called. */
export const suiteEnding = '.prompts.yaml';
export const inspectViewId = 'transformerScope.inspect';
export const learnViewId = 'transformerScope.learn';
export const compareViewType = 'transformerScope.compare';

/** Every name that the manifest and the code share. A test holds the two together. */

export const commandIds = {
  visualizeAttention: 'transformerScope.visualizeAttention',
  visualizeImage: 'transformerScope.visualizeImage',
  lightUpAttention: 'transformerScope.lightUpAttention',
  clearMarks: 'transformerScope.clearMarks',
  predictToken: 'transformerScope.predictToken',
  continueText: 'transformerScope.continueText',
  anotherContinuation: 'transformerScope.anotherContinuation',
  rejectContinuation: 'transformerScope.rejectContinuation',
  showSurprisal: 'transformerScope.showSurprisal',
  compareModels: 'transformerScope.compareModels',
  tryPromptStrategies: 'transformerScope.tryPromptStrategies',
  openPromptStudy: 'transformerScope.openPromptStudy',
  addPromptExample: 'transformerScope.addPromptExample',
  addPromptItem: 'transformerScope.addPromptItem',
  chooseModel: 'transformerScope.chooseModel',
  manageModels: 'transformerScope.manageModels',
  setHubToken: 'transformerScope.setHubToken',
  unloadModels: 'transformerScope.unloadModels',
  openSample: 'transformerScope.openSample',
  openLog: 'transformerScope.openLog',
} as const;

export const settingsSection = 'transformerScope';
export const settingKeys = {
  model: 'model',
  imageModel: 'imageModel',
  taskModels: 'taskModels',
  threads: 'threads',
  runtime: 'runtime',
  precision: 'precision',
  modelMemory: 'modelMemory',
  idleMinutes: 'idleMinutes',
  temperature: 'generation.temperature',
  topP: 'generation.topP',
  maxTokens: 'generation.maxTokens',
  hubEndpoint: 'hubEndpoint',
  downloadFolder: 'downloadFolder',
} as const;

/** Set while something is drawn over a document, so that Escape clears it. */
export const overlayContext = 'transformerScope.overlay';
/** The same for attention that is lit up. */
export const glowContext = 'transformerScope.glow';
/** Set while ghost text of ours is in an editor. */
export const continuationContext = 'transformerScope.continuing';
export const attentionViewType = 'transformerScope.attention';
export const promptViewType = 'transformerScope.prompts';
export const compareViewType = 'transformerScope.compare';

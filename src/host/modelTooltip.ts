import * as vscode from 'vscode';
import type { ProcessMemory } from '../protocol/loadedModels';
import { amountOf } from './amounts';
import type { ModelRow } from './modelRows';
import { useName } from './modelUses';
import { listOf, tooltipOf } from './tooltip';

/** Everything that is known of a model, line by line. */
export function modelTooltip(
  row: ModelRow,
  memory: ProcessMemory | undefined,
  failure: string | undefined,
): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const { source, origin, shape, uses } = row;
  const line = (label: string, value: string | undefined): string | undefined =>
    value === undefined || value === '' ? undefined : t('{0}: {1}', label, value);
  const bundled = origin.from === 'bundle' ? origin.model : undefined;
  const parameters = bundled && new Intl.NumberFormat(vscode.env.language).format(bundled.parameters);
  const pictures =
    shape.imageSize === undefined || shape.patchSize === undefined
      ? undefined
      : t('{0} pixels square, patches of {1}', shape.imageSize, shape.patchSize);
  return tooltipOf(source.id, [
    line(t('Cannot be inspected'), failure),
    line(t('Comes from'), originName(row)),
    line(t('Used for'), listOf(uses.map(useName))),
    line(t('Parameters'), parameters),
    line(t('Layers × heads'), shapeText(row)),
    line(t('Longest text'), tokensText(bundled?.maxTokens ?? shape.maxTokens)),
    line(t('Images'), pictures),
    line(t('Weights'), [row.dtype, storageText(row), amountOf(row.bytes)].filter(Boolean).join(' · ')),
    line(t('Languages'), listOf(bundled?.languages.map(languageName) ?? [])),
    line(t('Licence'), bundled?.license ?? (origin.from === 'hub' ? origin.model.license : undefined)),
    line(t('Memory'), memoryText(row, memory)),
    line(t('Folder'), source.folder),
  ]);
}

/** Where a model comes from, in words. */
function originName({ origin }: ModelRow): string {
  const { t } = vscode.l10n;
  switch (origin.from) {
    case 'bundle':
      return t('the extension');
    case 'hub':
      return t('a download');
    case 'cache':
      return t('the Hugging Face cache');
    case 'folder':
      return t('a folder that was chosen');
  }
}

/** How the weights are stored, where their type does not say it. */
export function storageText({ origin }: ModelRow): string | undefined {
  return origin.from === 'bundle' && origin.model.quantization !== undefined
    ? vscode.l10n.t('stored as int8')
    : undefined;
}

function shapeText({ shape: { numLayers, numDecoderLayers, numHeads } }: ModelRow): string | undefined {
  if (numLayers === undefined || numHeads === undefined) {
    return undefined;
  }
  return numDecoderLayers === undefined
    ? `${numLayers} × ${numHeads}`
    : vscode.l10n.t('encoder {0} × {1}, decoder {2} × {1}', numLayers, numHeads, numDecoderLayers);
}

function tokensText(tokens: number | undefined): string | undefined {
  return tokens === undefined ? undefined : vscode.l10n.t('{0} tokens', tokens);
}

function memoryText({ source }: ModelRow, memory: ProcessMemory | undefined): string {
  const { t } = vscode.l10n;
  if (!memory) {
    return t('not loaded; the inference process is not running');
  }
  const loaded = memory.models.find(({ folder }) => folder === source.folder);
  const whole = t(
    'the process takes {0} ({1}, {2} threads)',
    amountOf(memory.residentBytes),
    memory.runtime === 'native' ? t('native code') : 'WASM',
    memory.numThreads,
  );
  return loaded
    ? `${t('{0} of graphs loaded', amountOf(loaded.bytes))} · ${whole}`
    : `${t('not loaded')} · ${whole}`;
}

function languageName(code: string): string {
  return new Intl.DisplayNames([vscode.env.language], { type: 'language' }).of(code) ?? code;
}

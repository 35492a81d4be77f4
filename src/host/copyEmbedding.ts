import * as vscode from 'vscode';
import { Embed, type Embedding } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import { asJson, asNumPy, normOf } from '../text/vectorText';
import { whileBusy } from './busy';
import { notify } from './notify';
import { selectedText } from './selectedText';
import type { TextServices } from './textServices';

/** Copies the vector of the selection, or of the paragraph at the cursor, as a JSON array. */
export async function copyEmbedding(services: TextServices, editor: vscode.TextEditor): Promise<Embedding> {
  const { text } = selectedText(editor);
  const model = services.models.current();
  const embedding = await whileBusy(vscode.l10n.t('Computing the embedding'), (token) =>
    services.client.request(Embed, { model, owner: 'embedding', text }, token),
  );
  const vector = new Float32Array(embedding.vector);
  await vscode.env.clipboard.writeText(asJson(vector));
  notify(toldOf(embedding, vector, model), {
    label: vscode.l10n.t('Copy as Python/NumPy'),
    run: () => vscode.env.clipboard.writeText(asNumPy(vector)),
  });
  return embedding;
}

function toldOf(
  { state, numTokens, totalTokens }: Embedding,
  vector: Float32Array,
  model: ModelSource,
): string {
  const { t } = vscode.l10n;
  const pooled =
    state === 'afterLastLayer'
      ? t('Mean of the last layer’s output over {0} tokens, special tokens included.', numTokens)
      : t('Mean of the last layer’s input over {0} tokens, special tokens included.', numTokens);
  return [
    t(
      'Embedding copied as JSON: {0} dimensions, norm {1}, by {2}.',
      vector.length,
      normOf(vector).toFixed(3),
      model.id,
    ),
    pooled,
    ...(totalTokens > numTokens ? [t('The text has {0} tokens; the rest was not read.', totalTokens)] : []),
  ].join(' ');
}

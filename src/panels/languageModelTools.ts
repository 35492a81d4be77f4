import * as vscode from 'vscode';
import { errorText } from '../host/errorText';
import { toScopeError } from '../protocol/errors';
import type { CancellationToken } from '../protocol/jsonrpc';
import {
  type ComparePromptsInput,
  type CountTokensInput,
  type InspectAttentionInput,
  type ToolServices,
  comparePrompts,
  countTokens,
  inspectAttention,
} from './toolAnswers';

/** The tools that agents may call; their schemas stand in the manifest. Everything is computed on this machine. */
export function registerTools(services: ToolServices, log: vscode.LogOutputChannel): vscode.Disposable {
  const register = <T>(
    name: string,
    doing: string,
    run: (services: ToolServices, input: T, token: CancellationToken) => Promise<string>,
  ): vscode.Disposable =>
    vscode.lm.registerTool<T>(name, {
      prepareInvocation: () => ({ invocationMessage: doing }),
      invoke: async ({ input }, token) => {
        try {
          const text = await run(services, input, token);
          return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
        } catch (error) {
          const failure = toScopeError(error);
          log.warn(failure.message);
          const { message, detail } = errorText(failure);
          throw new Error(detail === undefined ? message : `${message} (${detail})`, { cause: error });
        }
      },
    });
  const { t } = vscode.l10n;
  return vscode.Disposable.from(
    register<InspectAttentionInput>('inspect_attention', t('Reading attention'), inspectAttention),
    register<CountTokensInput>('count_tokens', t('Counting tokens'), countTokens),
    register<ComparePromptsInput>('compare_prompts', t('Comparing ways of asking'), comparePrompts),
  );
}

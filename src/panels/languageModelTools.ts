import * as vscode from 'vscode';
import { errorText } from '../host/errorText';
import { toScopeError } from '../protocol/errors';
import type { CancellationToken } from '../protocol/jsonrpc';
import type {
  ComparePromptsInput,
  CountTokensInput,
  InspectAttentionInput,
  ToolServices,
} from './toolAnswers';

/** Models of a tool's input that are no ids; the input is as a model wrote it. */
function foldersIn(input: unknown): string[] {
  const { model, models } = (input ?? {}) as { readonly model?: unknown; readonly models?: unknown };
  return [model, ...(Array.isArray(models) ? (models as unknown[]) : [])].filter(
    (name): name is string => typeof name === 'string' && /[\\/]/.test(name),
  );
}

/** The tools that agents may call; their schemas stand in the manifest. Everything is computed on this machine. */
export function registerTools(services: ToolServices, log: vscode.LogOutputChannel): vscode.Disposable {
  const register = <T>(
    name: string,
    doing: string,
    run: (services: ToolServices, input: T, token: CancellationToken) => Promise<string>,
  ): vscode.Disposable =>
    vscode.lm.registerTool<T>(name, {
      prepareInvocation: ({ input }) => ({
        invocationMessage: doing,
        // An id names a model that is known here; a folder may be any.
        ...(foldersIn(input).length === 0
          ? {}
          : {
              confirmationMessages: {
                title: vscode.l10n.t('Load a model from a folder?'),
                message: foldersIn(input).join('\n'),
              },
            }),
      }),
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
  // Loaded with the first call: most people have no agent.
  const answers = () => import('./toolAnswers');
  const { t } = vscode.l10n;
  return vscode.Disposable.from(
    register<InspectAttentionInput>('inspect_attention', t('Reading attention'), async (...given) =>
      (await answers()).inspectAttention(...given),
    ),
    register<CountTokensInput>('count_tokens', t('Counting tokens'), async (...given) =>
      (await answers()).countTokens(...given),
    ),
    register<ComparePromptsInput>('compare_prompts', t('Comparing ways of asking'), async (...given) =>
      (await answers()).comparePrompts(...given),
    ),
  );
}

import type { ErrorData } from './errors';
import { RequestType } from './requestType';
import type { Answer } from './prompts';

/** What an expression may read; nothing else is there. */
export interface ExpressionValues {
  readonly input: string;
  /** Null where nothing is expected. */
  readonly expected: Answer | null;
  /** What was read out of the output. */
  readonly answer: string;
  readonly output: string;
}

/**
 * Computes a person's JavaScript expression in the inference process, inside an interpreter that has no way out.
 * Answers with true, false or a number; `expressionFailed` says what went wrong, also that it took too long.
 */
export const EvaluateExpression = new RequestType<
  { readonly expression: string; readonly values: ExpressionValues },
  { readonly value: boolean | number },
  ErrorData
>('prompts/expression');

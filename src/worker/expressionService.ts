import { join } from 'node:path';
import type { MessageConnection } from '../protocol/jsonrpc';
import { EvaluateExpression } from '../protocol/expression';
import { answer } from '../protocol/rpc';
import { Sandbox } from './sandbox';

/** Answers `protocol/expression`. The interpreter is loaded with the first expression. */
export function answerExpressions(connection: MessageConnection): void {
  const sandbox = new Sandbox(join(__dirname, 'quickjs.wasm'));
  answer(connection, EvaluateExpression, async ({ expression, values }) => ({
    value: await sandbox.evaluate(expression, values),
  }));
}

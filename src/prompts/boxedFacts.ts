import type { ExpressionValues } from '../protocol/expression';
import { ScopeError } from '../protocol/errors';
import { schemaExpression } from './schemaCode';
import { type BoxedFacts, type Scored, boxedDemands, noFacts } from './scorers';

/** Computes an expression in the sandbox. @throws {ScopeError} `expressionFailed`, also for what takes too long */
export type Evaluate = (expression: string, values: ExpressionValues) => Promise<boolean | number>;

/**
 * What a task's pattern and schema say of an answer, found out in the sandbox, where time and memory are limited.
 * @throws {ScopeError} `expressionFailed`
 */
export async function boxedFacts(scored: Scored, evaluate: Evaluate): Promise<BoxedFacts> {
  const { json, text } = boxedDemands(scored);
  const said = async (name: string, expression: string, input: string, answer = ''): Promise<boolean> => {
    try {
      return (await evaluate(expression, { input, answer, expected: null, output: '' })) === true;
    } catch (error) {
      throw error instanceof ScopeError && error.code === 'expressionFailed'
        ? new ScopeError('expressionFailed', `${name}: ${error.detail ?? ''}`, { cause: error })
        : error;
    }
  };
  return {
    fulfils: json
      ? await said('format.schema', schemaExpression(json.schema), textOf(json.value))
      : noFacts.fulfils,
    // The pattern is data, like the answer: it never becomes code.
    matches: text
      ? await said('scorer.pattern', `new RegExp(input, 'u').test(answer)`, text.pattern, text.value)
      : noFacts.matches,
  };
}

/** @throws {ScopeError} `expressionFailed` for what is nested deeper than can be written */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw new ScopeError('expressionFailed', 'format.schema: nested too deeply', { cause: error });
  }
}

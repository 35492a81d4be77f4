import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone';
import type { JsonSchema } from './scorers';

/** JSON Schemas of suites: they are checked here, and turned into code that runs where it can do no harm. */

const longest = 1_000_000;

/** What is wrong with a JSON Schema, or undefined. */
export function schemaProblem(schema: unknown): string | undefined {
  try {
    const size = JSON.stringify(schema).length;
    if (size > longest) {
      return `${size} > ${longest}`;
    }
    new Ajv({ strict: false }).compile(schema as JsonSchema);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const written = new WeakMap<object, string>();

/**
 * A JavaScript expression that is true where the JSON text `input` fulfils a schema. It stands alone: nothing of Ajv
 * is left in it but what it wrote.
 * @throws {Error} when the schema itself is wrong; see {@link schemaProblem}
 */
export function schemaExpression(schema: JsonSchema): string {
  let expression = written.get(schema);
  if (expression === undefined) {
    const ajv = new Ajv({ strict: false, code: { source: true } });
    const code = standaloneCode(ajv, ajv.compile(schema));
    expression = `(() => {
${parts}
const module = { exports: {} };
const require = (name) => ({ default: name.endsWith('equal') ? equal : ucs2length });
${code}
return module.exports(JSON.parse(input)) === true;
})()`;
    written.set(schema, expression);
  }
  return expression;
}

/** What Ajv's code calls: whether two values are the same, and how many characters a text has. */
const parts = `const ucs2length = (text) => [...text].length;
const equal = (a, b) => {
  if (a === b || typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return a === b;
  }
  const keys = Object.keys(a);
  return Array.isArray(a) === Array.isArray(b) && keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
};`;

import type { Path } from './yamlTree';

/** The part of JSON Schema that the suite's own schema uses. */
export interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** The schema that stands behind a reference; what is said beside the reference comes first. */
export function resolved(root: Schema, schema: Schema): Schema {
  const name = /^#\/definitions\/(.+)$/.exec(schema.$ref ?? '')?.[1];
  const target = name === undefined ? undefined : root.definitions?.[name];
  if (!target) {
    return schema;
  }
  const own: Record<string, unknown> = { ...schema };
  delete own['$ref'];
  return { ...resolved(root, target), ...own };
}

/** Every schema that a value at a path may have to fulfil; several where there is a choice. */
export function schemasAt(root: Schema, path: Path): Schema[] {
  let now = alternatives(root, root);
  for (const step of path) {
    now = now.flatMap((schema) => {
      const next =
        typeof step === 'number'
          ? schema.items
          : (schema.properties?.[step] ??
            (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined));
      return next ? alternatives(root, next) : [];
    });
  }
  return now;
}

/** What the schema says of a path, whichever alternative says it. */
export function descriptionAt(root: Schema, path: Path): string | undefined {
  const parents = schemasAt(root, path.slice(0, -1));
  const step = path.at(-1);
  for (const parent of parents) {
    const own =
      typeof step === 'number' ? parent.items : step === undefined ? parent : parent.properties?.[step];
    const description = own && resolved(root, own).description;
    if (description !== undefined) {
      return description;
    }
  }
  return schemasAt(root, path).find(({ description }) => description !== undefined)?.description;
}

function alternatives(root: Schema, schema: Schema): Schema[] {
  const own = resolved(root, schema);
  return own.oneOf ? own.oneOf.flatMap((each) => alternatives(root, each)) : [own];
}

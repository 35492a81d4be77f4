import type { ModelSource } from '../protocol/model';
import { type Shape, fields, oneOf, text } from '../protocol/shape';

/** A method with what its parameters must be, which is what the protocol says of them. */
export function shapeOf<P>(
  // As `vscode-jsonrpc` marks requests and notifications with the type of their parameters.
  type: { readonly method: string; readonly _: readonly [P, ...unknown[]] | undefined },
  shape: Shape<NoInfer<P>>,
): readonly [string, Shape<unknown>] {
  return [type.method, shape];
}

/** Parameters of a message that has none. */
export const nothing: Shape<Record<string, never>> = fields<Record<string, never>>({});

export const modelSource: Shape<ModelSource> = fields<ModelSource>({ id: text(1000), folder: text(4000) });

export const language = oneOf(['en', 'zh']);
export const reportFormat = oneOf(['md', 'html']);

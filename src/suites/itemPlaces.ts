import { type Span, YamlTree } from './yamlTree';

/** Where each test item of a suite's text stands, in their order. */
export function itemPlaces(text: string, numItems: number): Span[] {
  const tree = new YamlTree(text);
  return Array.from({ length: numItems }, (_, item) => tree.span(['task', 'items', item]));
}

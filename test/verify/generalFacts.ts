import { selfCheck } from '../../src/attention/selfCheck';
import { type Fact, idsOf, type Subject } from './facts';

/** What holds for every model, whatever it has learned. */
export async function generalFacts(subject: Pick<Subject, 'attention' | 'config'>): Promise<Fact[]> {
  const { attention, config } = subject;
  const layers = await attention.attend(idsOf(subject, 'The cat sat on the mat.'));
  const { rowDeviation, causal } = selfCheck(layers);
  const { numLayers } = attention.config;
  return [
    {
      statement: 'every row of attention sums to 1',
      published: '0 ± 0.001',
      found: rowDeviation.toExponential(1),
      holds: rowDeviation <= 1e-3,
    },
    {
      statement: 'layers with attention',
      published: String(numLayers ?? '–'),
      found: String(layers.length),
      holds: numLayers === undefined || numLayers === layers.length,
    },
    {
      statement: 'no token sees what follows it',
      published: String(attention.config.causal ?? '–'),
      found: String(causal),
      holds: attention.config.causal === undefined || attention.config.causal === causal,
    },
    {
      statement: 'model_type',
      published: String(config['model_type']),
      found: attention.config.modelType,
      holds: config['model_type'] === attention.config.modelType,
    },
  ];
}

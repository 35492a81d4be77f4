import { type JudgeModel, type Scorer, type ScorerKind, scorerKinds } from '../protocol/prompts';
import { type Place, studyUnreadable } from './place';
import { patternProblem } from './scorers';
import { readModel } from './studyModels';

/**
 * A scorer as a file describes it: only what is stated is set.
 * @param usual the kind of scorer where none is stated
 */
export function readScorer(at: Place, usual: ScorerKind): Scorer {
  const scorer = at.fields();
  const pattern = scorer.field('pattern').text('');
  const problem = patternProblem(pattern);
  if (problem !== undefined) {
    throw studyUnreadable(problem);
  }
  const expression = scorer.field('expression').text('');
  return {
    kind: scorer.field('kind').oneOf(scorerKinds, usual),
    ...(pattern === '' ? {} : { pattern }),
    ...(scorer.has('threshold') ? { threshold: scorer.field('threshold').number(0, 1) } : {}),
    ...(scorer.has('calibration')
      ? { calibration: scorer.field('calibration').oneOf(['none', 'contextual', 'pmi'], 'none') }
      : {}),
    ...(scorer.has('judge') ? { judge: readJudge(scorer.field('judge').fields()) } : {}),
    ...(expression === '' ? {} : { expression }),
    ...(scorer.has('vote') ? { vote: scorer.field('vote').flag(false) } : {}),
  };
}

function readJudge(at: Place): JudgeModel {
  return { model: readModel(at.field('model')), prompt: at.field('prompt').text() };
}

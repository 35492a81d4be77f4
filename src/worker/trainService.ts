import { ScopeError } from '../protocol/errors';
import type { MessageConnection } from '../protocol/jsonrpc';
import { answer } from '../protocol/rpc';
import * as train from '../protocol/train';
import { checkSettings } from '../train/checkSettings';
import { RecordedTraining } from '../train/recordedTraining';
import { TrainingLoop } from './trainingLoop';

/**
 * Answers everything of `protocol/train`. There is one run at a time.
 * @returns ends it, when nobody listens any more
 */
export function answerTraining(connection: MessageConnection): () => void {
  let loop: TrainingLoop | undefined;
  let isHeard = true;
  const current = (): TrainingLoop => {
    if (!loop) {
      throw new ScopeError('badRequest', 'no run was begun');
    }
    return loop;
  };

  answer(connection, train.BeginTraining, ({ run, settings, question }) => {
    loop?.pause();
    const training = new RecordedTraining(checkSettings(settings), question ?? undefined);
    loop = new TrainingLoop(run, training, (progress) => {
      if (isHeard) {
        void connection.sendNotification(train.TrainingProgressed, progress);
      }
    });
    return { facts: training.facts, progress: loop.soFar() };
  });
  answer(connection, train.GoOn, ({ numSteps, stepsPerSecond }) => {
    current().goOn(numSteps, stepsPerSecond);
    return null;
  });
  answer(connection, train.Pause, () => {
    loop?.pause();
    return null;
  });
  answer(connection, train.TrainingSoFar, () => current().soFar());
  answer(connection, train.AskModel, ({ question }) => {
    const { training } = current();
    return training.ask(question ?? undefined)
      ? { question: training.question, look: training.look() }
      : null;
  });
  answer(connection, train.LookBack, ({ step }) => {
    const { training } = current();
    if (step !== training.step && !training.snapshotSteps.includes(step)) {
      throw new ScopeError('runExpired', `step ${step}`);
    }
    return step === training.step ? training.look() : training.lookBack(step);
  });
  return () => {
    isHeard = false;
    loop?.pause();
  };
}

import type { SpeechModel } from '../inference/speechModel';
import type { MessageConnection } from '../protocol/jsonrpc';
import { type GeneratedToken, TokenGenerated } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import { answer } from '../protocol/rpc';
import { AttendSpeech, SpeechHead, Transcribe } from '../protocol/speech';
import type { JobQueue } from './jobQueue';
import { StackRuns, shapesOf } from './stackRuns';

/** Where the models come from; they stay loaded there. */
export interface SpeechModels {
  speechModel(source: ModelSource, owner: string): Promise<SpeechModel>;
}

/**
 * Answers everything of `protocol/speech`, and keeps the weights of each owner's last run.
 * @returns what frees them
 */
export function answerSpeech(
  connection: MessageConnection,
  queue: JobQueue,
  models: SpeechModels,
): (owner: string) => void {
  const runs = new StackRuns();

  answer(connection, Transcribe, ({ model, owner, sound, options }, token) =>
    queue.run(`${owner} transcribe`, async () => {
      const loaded = await models.speechModel(model, owner);
      const tell = (generated: GeneratedToken): void =>
        void connection.sendNotification(TokenGenerated, { owner, token: generated });
      return loaded.transcribe(sound, options, tell, token);
    }),
  );
  answer(connection, AttendSpeech, ({ model, owner, sound, text, options }, token) =>
    queue.run(`${owner} speech`, async () => {
      const loaded = await models.speechModel(model, owner);
      const attention = await loaded.attend(sound, text, options, token);
      const { numFrames, secondsPerFrame, heardSeconds, target, targetText, generated, language } = attention;
      return {
        runId: runs.keep(owner, attention),
        ...{ numFrames, secondsPerFrame, heardSeconds, target, targetText, generated },
        ...(language === undefined ? {} : { language }),
        stacks: shapesOf(attention),
      };
    }),
  );
  answer(connection, SpeechHead, ({ runId, stack, layer, head }) => runs.head(runId, stack, layer, head));
  return (owner) => runs.release(owner);
}

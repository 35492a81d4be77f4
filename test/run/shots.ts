import { attentionShots } from './attentionShots';
import { editorShots } from './editorShots';
import { pageShots } from './pageShots';
import { promptShots } from './promptShots';
import type { Shot } from './shot';

/** All pictures, in the order in which they are taken. */
export const shots: readonly Shot[] = [...attentionShots, ...promptShots, ...pageShots, ...editorShots];

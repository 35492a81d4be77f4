import { attentionChapters } from './attentionChapters';
import type { Chapter } from './course';
import { modelChapters } from './modelChapters';
import { useChapters } from './useChapters';

/** The whole course, from self-attention to one's own model. */
export const course: readonly Chapter[] = [...attentionChapters, ...modelChapters, ...useChapters];

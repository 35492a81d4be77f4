import { compareParts, sides } from '../protocol/compare';
import * as page from '../protocol/comparePage';
import { fields, index, maybe, nameOf, oneOf, orNull, text } from '../protocol/shape';
import { headRequest, look, textRange } from './attentionShapes';
import { language, modelSource, nothing, reportFormat, shapeOf } from './messageShape';

const side = oneOf(sides);

/** What the page that compares two models says. */
export const compareShapes = [
  shapeOf(page.CompareReady, nothing),
  shapeOf(page.CompareText, fields({ text: text() })),
  shapeOf(page.PlaceModel, fields({ side, model: orNull(modelSource) })),
  shapeOf(page.SwapModels, nothing),
  shapeOf(page.RunPart, fields({ part: oneOf(compareParts) })),
  shapeOf(page.StopCompare, nothing),
  shapeOf(page.AskBlank, fields({ word: index })),
  shapeOf(page.MaskAgain, nothing),
  shapeOf(page.ReplaceAgain, nothing),
  shapeOf(page.AskChat, fields({ prompt: text() })),
  shapeOf(page.ChangeColumns, fields<{ remove?: number }>({ remove: maybe(index) })),
  shapeOf(page.CompareHead, headRequest),
  shapeOf(
    page.OpenVisualizer,
    fields<{ side: (typeof sides)[number]; layer?: number }>({ side, layer: maybe(index) }),
  ),
  shapeOf(page.TabShown, fields({ tab: text(100) })),
  shapeOf(page.SetNotes, fields({ notes: text() })),
  shapeOf(page.ExportReport, fields({ format: reportFormat, language })),
  shapeOf(
    page.PerformCompare,
    fields({ action: nameOf({ openLog: true, openSample: true, useSelection: true }) }),
  ),
  shapeOf(page.CompareLook, fields({ look })),
  shapeOf(page.ComparePointAt, fields({ range: orNull(textRange) })),
];

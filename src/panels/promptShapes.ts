import * as page from '../protocol/promptPage';
import * as runs from '../protocol/promptRuns';
import { taskKinds } from '../protocol/prompts';
import type { CellAddress } from '../protocol/prompts';
import { either, fields, flag, index, listOf, nameOf, oneOf, orNull, text, whole } from '../protocol/shape';
import { language, nothing, reportFormat, shapeOf } from './messageShape';
import { cellAddress, study } from './studyShape';

const cell = fields({ cell: cellAddress });
const most = whole(0, 1_000_000);
const change = orNull(oneOf(runs.cellChanges));
type What = 'input' | 'items' | readonly CellAddress[];

/** What the page of the prompt workbench says, also where it edits a suite. */
export const promptShapes = [
  shapeOf(page.PromptReady, nothing),
  shapeOf(page.EditStudy, fields({ study })),
  shapeOf(page.SetTaskKind, fields({ kind: oneOf(taskKinds), language })),
  shapeOf(page.UndoEdit, fields({ redo: flag })),
  shapeOf(
    page.RunCells,
    fields({ what: either<What>(oneOf(['input', 'items']), listOf(cellAddress, 1_000_000)) }),
  ),
  shapeOf(page.PauseRun, fields({ pause: flag })),
  shapeOf(page.StopRun, nothing),
  shapeOf(page.JudgeCell, fields({ cell: cellAddress, pass: orNull(flag) })),
  shapeOf(page.RenderCell, cell),
  shapeOf(page.InspectCell, cell),
  shapeOf(page.ShowCellAttention, cell),
  shapeOf(
    page.UseCell,
    fields({
      cell: cellAddress,
      what: oneOf(['prompt', 'answer']),
      how: oneOf(['insert', 'copy']),
      format: oneOf(page.copyFormats),
    }),
  ),
  shapeOf(page.PasteRows, fields({ to: oneOf(['examples', 'items']), text: text() })),
  shapeOf(page.OpenBundledTask, fields({ id: text(100) })),
  shapeOf(page.ExportStudy, fields({ format: reportFormat, language })),
  shapeOf(page.OpenSuiteLine, fields({ line: index })),
  shapeOf(
    page.PerformPrompt,
    fields({
      action: nameOf<page.PromptAction>({
        openLog: true,
        openSample: true,
        addModel: true,
        chooseJudge: true,
        openStudy: true,
        saveStudy: true,
        newStudy: true,
        openAsText: true,
        beginSuite: true,
        exportPromptfoo: true,
      }),
    }),
  ),
  shapeOf(runs.ListRuns, fields({ most })),
  shapeOf(runs.LookAtRun, fields({ run: index, query: text(10_000), most })),
  shapeOf(runs.CompareRuns, fields({ before: index, after: index, change, most })),
  shapeOf(
    runs.ExportAnswers,
    fields({
      format: oneOf(runs.answerFormats),
      shown: either<
        { run: number; query: string } | { before: number; after: number; change: runs.CellChange | null }
      >(fields({ run: index, query: text(10_000) }), fields({ before: index, after: index, change })),
    }),
  ),
];

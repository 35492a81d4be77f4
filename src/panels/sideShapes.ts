import * as images from '../protocol/imagePage';
import * as inspect from '../protocol/inspectPage';
import * as learn from '../protocol/learnPage';
import { fields, flag, index, nameOf, oneOf, orNull, text } from '../protocol/shape';
import * as train from '../protocol/trainPage';
import { trainSettings } from '../train/checkSettings';
import { nothing, shapeOf } from './messageShape';

const tab = fields({ tab: oneOf(images.imageTabs) });

/** What the pages of pictures, of training, of the course and of the selection say. */
export const sideShapes = [
  shapeOf(images.ImagesReady, nothing),
  shapeOf(images.ShowTab, tab),
  shapeOf(images.SetLabels, fields({ labels: text(), templates: text() })),
  shapeOf(images.SetQuery, fields({ query: text() })),
  shapeOf(images.SetCaptions, fields({ texts: text() })),
  shapeOf(images.PictureFile, fields({ id: index })),
  shapeOf(
    images.UsePicture,
    fields({ id: index, how: nameOf({ open: true, attention: true, captions: true }) }),
  ),
  shapeOf(images.ShowText, fields({ index })),
  shapeOf(images.StopImages, tab),
  shapeOf(
    images.PerformImages,
    fields({
      action: nameOf<images.ImageAction>({
        retry: true,
        openLog: true,
        openSample: true,
        chooseModel: true,
        openSamples: true,
        exampleLabels: true,
        exampleTemplates: true,
        copyTable: true,
        pickPictures: true,
        pickPicture: true,
        pickFolder: true,
        refreshFolder: true,
        useDocument: true,
      }),
    }),
  ),
  shapeOf(train.TrainReady, nothing),
  shapeOf(train.ChangeSettings, fields({ settings: trainSettings, preset: orNull(text(100)) })),
  shapeOf(
    train.Train,
    fields({
      action: nameOf<train.TrainAction>({ start: true, pause: true, step: true, reset: true, repeat: true }),
    }),
  ),
  shapeOf(train.ChangeSpeed, fields({ speed: oneOf(train.trainSpeeds) })),
  shapeOf(train.AskTyped, fields({ question: orNull(text()) })),
  shapeOf(train.LookAtStep, fields({ step: index })),
  shapeOf(learn.LearnReady, nothing),
  shapeOf(learn.DoStep, fields({ id: text(100) })),
  shapeOf(learn.MarkStep, fields({ id: text(100), done: flag })),
  shapeOf(learn.ResetCourse, nothing),
  shapeOf(inspect.InspectReady, nothing),
  shapeOf(inspect.PauseInspect, fields({ paused: flag })),
  shapeOf(inspect.InspectAttention, fields({ layer: index })),
  shapeOf(inspect.InspectAct, fields({ action: oneOf(inspect.inspectActions) })),
];

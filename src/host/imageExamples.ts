import { defaultTemplate } from '../attention/labelList';

/** Labels and templates to begin with. */

type Language = 'en' | 'zh';

/** What the pictures of `media/sample/images` show, in words that the bundled CLIP was trained with. */
const sampleLabels: Readonly<Record<Language, readonly string[]>> = {
  en: [
    'a big blue heart in the middle',
    'a red tree on the right',
    'four yellow stars',
    'a small black fish in the top right',
    'a red circle in the bottom right',
    'two orange fish',
    'a green house to the left of a purple moon',
    'a pink heart above a black car',
  ],
  zh: [
    '一个蓝色的大心形在中间',
    '一棵红色的树在右边',
    '四颗黄色的五角星',
    '一条黑色的小鱼在右上角',
    '一个红色的圆形在右下角',
    '两条橙色的鱼',
    '一座绿色的房子在一个紫色的月亮左边',
    '一个粉色的心形在一辆黑色的汽车上面',
  ],
};

/** Frames of captions that the bundled CLIP was trained with (`models/training/clip/caption.py`) and has words for. */
const trainedTemplates: Readonly<Record<Language, readonly string[]>> = {
  en: [
    '{}',
    '{}.',
    'a picture of {}',
    'there is {}',
    'this is {}',
    'the picture shows {}',
    'a photo of {}.',
    'This is a photo of {}.',
  ],
  zh: [
    '{}',
    '{}。',
    '{}的图片',
    '图中有{}',
    '这是{}',
    '我看见{}',
    '图片里有{}',
    '{}的照片',
    '这是一张{}的照片。',
  ],
};

/** The seven templates that OpenAI's prompt-engineering notebook for CLIP ends with. */
const publishedTemplates = [
  'itap of a {}.',
  'a bad photo of the {}.',
  'a origami {}.',
  'a photo of the large {}.',
  'a {} in a video game.',
  'art of the {}.',
  'a photo of the small {}.',
];

/** Labels that a model is known to understand; undefined for a model of others. */
export function exampleLabels(model: string, language: Language): readonly string[] | undefined {
  return model === 'scope-clip' ? sampleLabels[language] : undefined;
}

/** Several templates that suit a model. */
export function exampleTemplates(model: string, language: Language): readonly string[] {
  return model === 'scope-clip' ? trainedTemplates[language] : publishedTemplates;
}

/** The template to begin with: most models were trained on English only, and so may be one that is not known. */
export function firstTemplate(model: string | undefined, language: Language): string {
  return model === 'scope-clip' && language === 'zh' ? '这是一张{}的照片。' : defaultTemplate;
}

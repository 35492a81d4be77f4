import { type ReportLanguage, filled } from '../report/filled';
import { type ReportWords, reportWordings } from './reportWording';

export type WordKey = keyof ReportWords;
type Value = string | number;

/** How numbers, lists and sentences are written in one language. */
export interface Speech {
  readonly language: ReportLanguage;
  readonly say: (key: WordKey, ...values: readonly Value[]) => string;
  /** A share as percent: whole from 10 % on, with as many digits as it needs below. */
  readonly percent: (share: number) => string;
  /** `1,234`. */
  readonly count: (value: number) => string;
  /** `3.43 million` or `343 万`. */
  readonly amount: (value: number) => string;
  readonly list: (items: readonly string[]) => string;
  /** Sentences as one paragraph; what is false is left out. */
  readonly paragraph: (...sentences: readonly (string | false | null | undefined)[]) => string;
}

export function speechOf(language: ReportLanguage): Speech {
  const words = reportWordings[language];
  const chinese = language === 'zh';
  return {
    language,
    say: (key, ...values) => (chinese ? filledChinese(words[key], values) : filled(words[key], ...values)),
    percent: (share) => `${percentDigits(share)}%`,
    count,
    amount: chinese ? chineseAmount : englishAmount,
    list: (items) => {
      const last = items.at(-1) ?? '';
      const and = chinese ? '和' : ' and ';
      return items.length < 2 ? last : `${items.slice(0, -1).join(chinese ? '、' : ', ')}${and}${last}`;
    },
    paragraph: (...sentences) => sentences.filter(Boolean).join(chinese ? '' : ' '),
  };
}

/** Chinese stands without a space beside Chinese, and with one beside Latin letters and digits. */
function filledChinese(template: string, values: readonly Value[]): string {
  return template.replace(/( ?)\{(\d+)\}( ?)/g, (_, before: string, index: string, after: string) => {
    const value = String(values[Number(index)] ?? '');
    const wide = /^[\p{Script=Han}“”（）、，。]/u;
    const [first, last] = [value.slice(0, 1), value.slice(-1)];
    return `${wide.test(first) ? '' : before}${value}${wide.test(last) ? '' : after}`;
  });
}

function percentDigits(share: number): string {
  const percent = 100 * share;
  if (percent !== 0 && Math.abs(percent) < 0.01) {
    return '< 0.01';
  }
  const digits = percent === 0 || percent >= 9.95 ? 0 : percent >= 0.995 ? 1 : 2;
  // 99.6 % is not all of it.
  return percent < 100 && percent >= 99.5 ? percent.toFixed(2) : percent.toFixed(digits);
}

function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

function englishAmount(value: number): string {
  const [unit, size] =
    value >= 1e12
      ? ['trillion', 1e12]
      : value >= 1e9
        ? ['billion', 1e9]
        : value >= 1e6
          ? ['million', 1e6]
          : ['', 1];
  return unit === '' ? count(value) : `${digits3(value / size)} ${unit}`;
}

function chineseAmount(value: number): string {
  const [unit, size] =
    value >= 1e12 ? ['万亿', 1e12] : value >= 1e8 ? ['亿', 1e8] : value >= 1e4 ? ['万', 1e4] : ['', 1];
  return unit === '' ? count(value) : `${digits3(value / size)} ${unit}`;
}

/** Three significant digits of a number of at least 1. */
function digits3(value: number): string {
  return value >= 99.95 ? count(value) : value.toFixed(value >= 9.995 ? 1 : 2);
}

/** A ratio as a factor, e.g. `1.3` or `12`. */
export function factor(ratio: number): string {
  return ratio >= 9.95 ? ratio.toFixed(0) : ratio >= 0.095 ? ratio.toFixed(1) : ratio.toPrecision(1);
}

/** A difference of shares in points, with its sign. */
export function signedPoints(difference: number): string {
  const rounded = Math.round(100 * difference);
  return rounded < 0 ? `−${-rounded}` : String(rounded);
}

/** A number that may be negative, with a real minus sign. */
export function decimals(value: number, digits = 2): string {
  return value.toFixed(digits).replace('-', '−');
}

export function pValue(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** One line of a text, cut behind so many characters. */
export function shortened(text: string, most: number): string {
  const line = [...text.replace(/\s+/g, ' ').trim()];
  return line.length > most ? `${line.slice(0, most - 1).join('')}…` : line.join('');
}

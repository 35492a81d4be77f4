import type { AttentionSnapshot } from './attentionPage';

/** What an exported file carries beside the weights; gzip of JSON, in base64. */
export interface StandaloneData {
  /** Without thumbnails, which the file makes again. */
  readonly snapshot: AttentionSnapshot;
  readonly look: {
    readonly theme: string;
    readonly style: Readonly<Record<string, string>>;
    /** The pictures on show as data URLs, by run. */
    readonly pictures?: Readonly<Record<number, string>>;
  };
}

import type { Picture } from '../protocol/picture';
import type { PictureType } from './pictureType';
import type { SelectedText } from './selectedText';

/** A picture file that a person wants looked at. It is read when it is needed, also again. */
export interface SelectedPicture {
  readonly uri: string;
  readonly name: string;
  /** @throws {ScopeError} `pictureUnreadable`, naming the file. */
  read(): Promise<PictureFile>;
}

/** What is looked at: a text or a picture. */
export type Subject = SelectedText | SelectedPicture;

export function isPicture(subject: Subject): subject is SelectedPicture {
  return 'read' in subject;
}

export interface PictureFile {
  readonly type: PictureType;
  /** The file as it is, for showing it. */
  readonly bytes: Uint8Array;
  /** The same as PNG or JPEG, which models are given. */
  readonly readable: Picture;
}

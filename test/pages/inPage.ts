/** What the checks for everyone do inside a page; loaded before the page's own scripts. */
import { newTexts } from './newTexts';
import { beginTabbing, isOnTheWay, noteClickables, reachProblems, tabbingProblems } from './reach';
import { reflowProblems } from './reflow';

export interface InPage {
  reflowProblems(): string[];
  reachProblems(): string[];
  beginTabbing(): void;
  isOnTheWay(): boolean;
  tabbingProblems(): string[];
  newTexts(theme: string): Element[];
}

declare global {
  interface Window {
    inPage: InPage;
  }
}

noteClickables();
window.inPage = { reflowProblems, reachProblems, beginTabbing, isOnTheWay, tabbingProblems, newTexts };

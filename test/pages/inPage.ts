/** What the checks for everyone do inside a page; loaded before the page's own scripts. */
import { beginTabbing, isOnTheWay, noteClickables, reachProblems, tabbingProblems } from './reach';
import { reflowProblems } from './reflow';

export interface InPage {
  reflowProblems(): string[];
  reachProblems(): string[];
  beginTabbing(): void;
  isOnTheWay(): boolean;
  tabbingProblems(): string[];
}

declare global {
  interface Window {
    inPage: InPage;
  }
}

noteClickables();
window.inPage = { reflowProblems, reachProblems, beginTabbing, isOnTheWay, tabbingProblems };

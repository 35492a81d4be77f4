import * as vscode from 'vscode';
import type { ReportLanguage } from '../report/filled';

/** The language of the workbench, of those that we speak: Chinese in all its forms, else English. */
export function readersLanguage(): ReportLanguage {
  return vscode.env.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

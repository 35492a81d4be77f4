import { type Ramp, type Rgb, createRamp } from './ramp';

/** The colours of the current theme, resolved for canvases, which cannot read CSS variables. */
export interface Theme {
  readonly background: string;
  readonly foreground: string;
  readonly muted: string;
  readonly focus: string;
  readonly border: string;
  readonly font: string;
  readonly highContrast: boolean;
  readonly ramp: Ramp;
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const variable = (name: string, fallback: string): string =>
    style.getPropertyValue(name).trim() || fallback;
  const highContrast = /vscode-high-contrast/.test(document.body.className);
  const background = variable('--vscode-editor-background', 'Canvas');
  const foreground = variable('--vscode-foreground', 'CanvasText');
  return {
    background,
    foreground,
    muted: variable('--vscode-descriptionForeground', foreground),
    focus: variable(highContrast ? '--vscode-contrastActiveBorder' : '--vscode-focusBorder', foreground),
    border: variable(highContrast ? '--vscode-contrastBorder' : '--vscode-widget-border', foreground),
    font: style.fontFamily,
    highContrast,
    ramp: createRamp(resolveColor(background), highContrast),
  };
}

/** Calls back, once per frame, after VS Code has changed the theme of this page. */
export function onThemeChange(listener: () => void): void {
  let scheduled = false;
  const observer = new MutationObserver(() => {
    if (!scheduled) {
      scheduled = true;
      requestAnimationFrame(() => {
        scheduled = false;
        listener();
      });
    }
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}

/** Lets the browser parse any CSS colour. */
function resolveColor(color: string): Rgb {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) {
    return [0, 0, 0];
  }
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
  return [r, g, b];
}

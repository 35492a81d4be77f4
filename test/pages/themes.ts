/** Colours of VS Code's own themes, as a webview gets them. */
export type ThemeName = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

const fonts = {
  'font-family': 'system-ui, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", sans-serif',
  'font-size': '13px',
  'font-weight': 'normal',
  'editor-font-family': '"DejaVu Sans Mono", "Droid Sans Mono", monospace',
  'editor-font-size': '14px',
};

const themes: Readonly<Record<ThemeName, { bodyClass: string; kind: string; colors: Readonly<Record<string, string>> }>> = {
  dark: {
    bodyClass: 'vscode-dark',
    kind: 'vscode-dark',
    colors: {
      'editor-background': '#1f1f1f', 'editor-foreground': '#cccccc', foreground: '#cccccc', descriptionForeground: '#9d9d9d',
      focusBorder: '#0078d4', 'widget-border': '#313131', errorForeground: '#f85149', 'editorWidget-background': '#202020',
      'button-background': '#0078d4', 'button-foreground': '#ffffff', 'button-hoverBackground': '#026ec1', 'button-border': '#ffffff1a',
      'button-secondaryBackground': '#00000000', 'button-secondaryForeground': '#cccccc', 'button-secondaryHoverBackground': '#2b2b2b',
      'dropdown-background': '#313131', 'dropdown-border': '#3c3c3c', 'dropdown-foreground': '#cccccc',
      'settings-dropdownListBorder': '#454545', 'list-activeSelectionBackground': '#04395e', 'list-activeSelectionForeground': '#ffffff',
      'list-hoverBackground': '#2a2d2e', 'textBlockQuote-background': '#2b2b2b', 'textBlockQuote-border': '#616161',
      'textCodeBlock-background': '#2b2b2b', 'progressBar-background': '#0078d4', 'charts-blue': '#59a4f9',
      'editorWarning-foreground': '#cca700', 'inputValidation-errorBorder': '#be1100',
      'scrollbarSlider-background': '#79797966',
    },
  },
  light: {
    bodyClass: 'vscode-light',
    kind: 'vscode-light',
    colors: {
      'editor-background': '#ffffff', 'editor-foreground': '#3b3b3b', foreground: '#3b3b3b', descriptionForeground: '#3b3b3b',
      focusBorder: '#005fb8', 'widget-border': '#e5e5e5', errorForeground: '#f85149', 'editorWidget-background': '#f8f8f8',
      'button-background': '#005fb8', 'button-foreground': '#ffffff', 'button-hoverBackground': '#0258a8', 'button-border': '#0000001a',
      'button-secondaryBackground': '#e5e5e5', 'button-secondaryForeground': '#3b3b3b', 'button-secondaryHoverBackground': '#cccccc',
      'dropdown-background': '#ffffff', 'dropdown-border': '#cecece', 'dropdown-foreground': '#3b3b3b',
      'settings-dropdownListBorder': '#c8c8c8', 'list-activeSelectionBackground': '#e8e8e8', 'list-activeSelectionForeground': '#000000',
      'list-hoverBackground': '#f2f2f2', 'textBlockQuote-background': '#f8f8f8', 'textBlockQuote-border': '#e5e5e5',
      'textCodeBlock-background': '#f8f8f8', 'progressBar-background': '#005fb8', 'charts-blue': '#0063d3',
      'editorWarning-foreground': '#bf8803', 'inputValidation-errorBorder': '#be1100',
      'scrollbarSlider-background': '#64646466',
    },
  },
  highContrast: {
    bodyClass: 'vscode-high-contrast',
    kind: 'vscode-high-contrast',
    colors: {
      'editor-background': '#000000', 'editor-foreground': '#ffffff', foreground: '#ffffff', descriptionForeground: '#ffffffb3',
      focusBorder: '#f38518', contrastBorder: '#6fc3df', contrastActiveBorder: '#f38518', 'widget-border': '#6fc3df',
      errorForeground: '#f48771', 'editorWidget-background': '#0c141f', 'button-foreground': '#ffffff', 'button-border': '#6fc3df',
      'button-background': '#000000', 'button-secondaryForeground': '#ffffff', 'dropdown-background': '#000000',
      'dropdown-border': '#6fc3df', 'dropdown-foreground': '#ffffff', 'settings-dropdownListBorder': '#6fc3df',
      'textBlockQuote-border': '#ffffff', 'textCodeBlock-background': '#000000', 'progressBar-background': '#6fc3df',
      'charts-blue': '#59a4f9', 'editorWarning-foreground': '#ffd370', 'inputValidation-errorBorder': '#6fc3df',
      'scrollbarSlider-background': '#6fc3df99',
    },
  },
  highContrastLight: {
    bodyClass: 'vscode-high-contrast vscode-high-contrast-light',
    kind: 'vscode-high-contrast-light',
    colors: {
      'editor-background': '#ffffff', 'editor-foreground': '#292929', foreground: '#292929', descriptionForeground: '#292929b3',
      focusBorder: '#006bbd', contrastBorder: '#0f4a85', contrastActiveBorder: '#006bbd', 'widget-border': '#0f4a85',
      errorForeground: '#b5200d', 'editorWidget-background': '#ffffff', 'button-foreground': '#ffffff', 'button-border': '#0f4a85',
      'button-background': '#0f4a85', 'button-secondaryBackground': '#ffffff', 'button-secondaryForeground': '#292929',
      'dropdown-background': '#ffffff', 'dropdown-border': '#0f4a85', 'dropdown-foreground': '#292929',
      'settings-dropdownListBorder': '#0f4a85', 'textBlockQuote-border': '#292929', 'textCodeBlock-background': '#ffffff',
      'progressBar-background': '#006bbd', 'charts-blue': '#0063d3', 'editorWarning-foreground': '#895503',
      'inputValidation-errorBorder': '#0f4a85', 'scrollbarSlider-background': '#0f4a8566',
    },
  },
};

export function themeCss(name: ThemeName): string {
  const all = Object.entries({ ...fonts, ...themes[name].colors });
  // VS Code gives a webview's body a padding, which the page must undo.
  return `:root { ${all.map(([key, value]) => `--vscode-${key}: ${value};`).join(' ')} } body { padding: 0 20px; background: var(--vscode-editor-background); }`;
}

export function bodyAttributes(name: ThemeName): { bodyClass: string; kind: string } {
  return themes[name];
}

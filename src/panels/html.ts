import * as vscode from 'vscode';

/** What a page may load: its own script and style. Nothing inline, nothing from a network. */
export function pageOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist', 'pages')] };
}

/** The only place that writes HTML. Data never goes into it; pages get theirs by message. */
export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri, page: string): string {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const uri = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'pages', file)).toString();
  const csp = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    // The toolkit probes `:focus-visible` with a style of its own, and takes the nonce from the page.
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    // A picture that is kept is drawn from an SVG of the page's own.
    'img-src data:',
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
  <head>
    <meta charset="UTF-8">
    <meta http-equiv="Content-Security-Policy" content="${csp}">
    <meta property="csp-nonce" content="${nonce}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${uri(`${page}.css`)}">
    <title>Transformer Scope</title>
  </head>
  <body>
    <div id="root"></div>
    <script nonce="${nonce}" src="${uri(`${page}.js`)}"></script>
  </body>
</html>`;
}

/** Where this page's script lies; only known while it runs first. */
const address = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : '';

/**
 * Loads a script and a style that lie beside the page's own. The page's policy lets in only scripts with its nonce,
 * which the page hands on.
 */
export function loadLater(name: string): Promise<void> {
  const beside = (file: string): string => new URL(file, address).href;
  const style = document.createElement('link');
  style.rel = 'stylesheet';
  style.href = beside(`${name}.css`);
  const script = document.createElement('script');
  script.nonce = document.querySelector('meta[property="csp-nonce"]')?.getAttribute('content') ?? '';
  script.src = beside(`${name}.js`);
  return new Promise((resolve, reject) => {
    script.addEventListener('load', () => {
      resolve();
    });
    script.addEventListener('error', () => {
      reject(new Error(script.src));
    });
    document.head.append(style, script);
  });
}

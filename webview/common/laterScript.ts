/** Where this page's script lies; only known while it runs first. */
const address = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : '';

/**
 * Loads a script that lies beside the page's own, and its style where it has one. The page's policy lets in only
 * scripts with its nonce, which the page hands on.
 */
export function loadLater(name: string, { styled }: { readonly styled: boolean }): Promise<void> {
  const beside = (file: string): string => new URL(file, address).href;
  if (styled) {
    const style = document.createElement('link');
    style.rel = 'stylesheet';
    style.href = beside(`${name}.css`);
    document.head.append(style);
  }
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
    document.head.append(script);
  });
}

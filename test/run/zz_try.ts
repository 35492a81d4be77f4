import { openWorkbench } from './vscodePage';
async function main() {
  const t0 = Date.now();
  const w = await openWorkbench({ folder: '/tmp/w/ws', extensionDir: process.cwd(), theme: (process.argv[2] ?? 'dark') as 'dark', ...(process.argv[3] ? { locale: process.argv[3] } : {}) });
  w.page.on('console', (m) => { if (/transformer|Content Security|attention/i.test(m.text())) console.log('console:', m.text().slice(0, 300)); });
  try {
    console.log('open', Date.now() - t0);
    await w.openFile('english.md');
    await w.selectText('The cat sat on the mat');
    const t1 = Date.now();
    await w.runCommand('Visualize Attention of Selection');
    console.log('command', Date.now() - t1);
    await w.webviewFrame();
    console.log('ready', Date.now() - t1);
    await w.page.waitForTimeout(500);
    await w.screenshot(`/tmp/w/shots/try-${process.argv[2] ?? 'dark'}-${process.argv[3] ?? 'en'}.png`);
  } catch (e) { console.log(String(e)); await w.screenshot('/tmp/w/shots/try-fail.png'); }
  await w.close();
}
void main();
